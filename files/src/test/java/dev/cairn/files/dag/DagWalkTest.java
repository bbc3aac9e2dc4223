package dev.cairn.files.dag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.Dags;
import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockMissingException;
import dev.cairn.files.block.BlockSource;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DagWalkTest {

  private final Dags dags = new Dags();

  private List<Cid> walk(BlockSource source, Cid root) throws IOException {
    List<Cid> visited = new ArrayList<>();
    DagWalk.walk(source, root, block -> visited.add(block.cid()));
    return visited;
  }

  @Test
  void visits_depth_first_and_each_block_once() throws IOException {
    Cid a = dags.raw(new byte[] {1});
    Cid b = dags.raw(new byte[] {2});
    Cid left = dags.file(List.of(a, b, a), 1, 1, 1);
    Cid right = dags.file(List.of(b, left), 1, 3);
    Cid root = dags.folder(Dags.link("l", left), Dags.link("r", right));
    assertEquals(List.of(root, left, a, b, right), walk(dags.source(), root));
  }

  @Test
  void a_dag_of_10_000_levels_is_refused_and_one_at_the_limit_is_not() throws IOException {
    Cid good = dags.deepFile(DagWalk.DEPTH_MAX);
    assertEquals(DagWalk.DEPTH_MAX + 1, walk(dags.source(), good).size());
    Cid over = dags.deepFile(DagWalk.DEPTH_MAX + 1);
    assertThrows(MalformedException.class, () -> walk(dags.source(), over));
    Cid deep = dags.deepFile(10_000);
    assertThrows(MalformedException.class, () -> walk(dags.source(), deep));
  }

  @Test
  void a_source_that_answers_with_a_loop_ends_the_walk() throws IOException {
    Cid first = Cid.hash(Cid.DAG_PB, new byte[] {1});
    Cid second = Cid.hash(Cid.DAG_PB, new byte[] {2});
    BlockSource lying =
        cid -> {
          Cid other = cid.equals(first) ? second : first;
          return Block.trusted(cid, PbNode.of(List.of(Dags.link("", other)), new byte[0]).encode());
        };
    assertEquals(List.of(first, second), walk(lying, first));
  }

  @Test
  void what_is_missing_is_named() throws IOException {
    Cid gone = Cid.hash(Cid.RAW, new byte[] {9});
    Cid here = dags.raw(new byte[] {1});
    Cid root = dags.file(List.of(gone, here), 1, 1);
    BlockMissingException e =
        assertThrows(BlockMissingException.class, () -> walk(dags.source(), root));
    assertEquals(gone, e.cid());
    DagWalk.Summary summary = DagWalk.summarize(dags.source(), root);
    assertEquals(List.of(gone), summary.missing());
    assertFalse(summary.complete());
    assertEquals(2, summary.blocks());
    assertTrue(DagWalk.summarize(dags.source(), here).complete());
  }

  @Test
  void so_many_links_wait_on_one_path_and_no_more() throws IOException {
    Cid leaf = dags.raw(new byte[] {1});
    List<PbLink> many = new ArrayList<>(Collections.nCopies(32_768, Dags.link("", leaf)));
    Cid below = leaf;
    for (int i = 0; i < 8; i++) {
      many.set(0, Dags.link("", below));
      below = dags.node(new byte[0], many);
    }
    Cid most = below;
    assertEquals(9, walk(dags.source(), most).size());
    Cid over = dags.node(new byte[0], List.of(Dags.link("", most)));
    assertThrows(MalformedException.class, () -> walk(dags.source(), over));
  }
}
