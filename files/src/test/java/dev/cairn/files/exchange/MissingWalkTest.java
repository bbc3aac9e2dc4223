package dev.cairn.files.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.MemoryBlocks;
import dev.cairn.multiformats.MalformedException;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissingWalkTest {

  /// A root of 4 nodes of 50 leaves each.
  private static final Dag DAG = Dag.of(200, 100, 21);

  private static final int NODES = 5;

  /// Of the root itself, of its node, and of the node's leaves.
  private static final int LINKS = 1 + 4 + 50;

  private static void walk(int nodesMax, int linksMax) {
    MemoryBlocks blocks = new MemoryBlocks();
    blocks.put(DAG.blocks());
    ExchangeParams params = ExchangeParams.STANDARD.withWalk(nodesMax, linksMax);
    MissingWalk walk = new MissingWalk(DAG.root(), blocks, params, true, true);
    assertEquals(List.of(), walk.advance(1, 10_000));
    assertTrue(walk.done());
    assertEquals(DAG.blocks().size(), walk.here());
  }

  private static String refusal(int nodesMax, int linksMax) {
    return String.valueOf(
        assertThrows(MalformedException.class, () -> walk(nodesMax, linksMax)).getMessage());
  }

  @Test
  void a_dag_of_so_many_nodes_is_walked_and_of_one_more_is_not() {
    walk(NODES, LINKS);
    assertEquals(DAG.root() + " has more than 4 nodes", refusal(NODES - 1, LINKS));
  }

  @Test
  void so_many_links_are_held_on_one_path_and_no_more() {
    assertEquals(DAG.root() + " has more than 54 links on one path", refusal(NODES, LINKS - 1));
  }
}
