package dev.cairn.files.dag;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockMissingException;
import dev.cairn.files.block.BlockSource;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/// Visits the blocks of a DAG depth first, each once, parents before children and children in the
/// order of their links: the order of a CAR file. A DAG cannot loop, since a block would have to
/// contain its own hash, but a source that lies could; a block that was visited is not visited
/// again, and depth has a limit.
public final class DagWalk {

  /// The deepest DAG that is walked, in links from the root to a block.
  public static final int DEPTH_MAX = 1024;

  /// The most blocks of one walk, each of which it remembers in 32 bytes: 4 TiB of 1 MiB leaves.
  public static final int BLOCKS_MAX = 4 << 20;

  /// The most links along one path that wait to be followed, which is what a walk has in memory.
  public static final int LINKS_MAX = 262_144;

  /// Takes the blocks of a walk.
  @FunctionalInterface
  public interface Visitor {
    /// @throws IOException to end the walk with it
    void visit(Block block) throws IOException;
  }

  /// What a DAG consists of.
  ///
  /// @param blocks that are here, each counted once
  /// @param bytes of those blocks
  /// @param missing CIDs that are linked to and not here, at most [#MISSING_MAX] of them
  /// @param complete whether every block is here
  public record Summary(long blocks, long bytes, List<Cid> missing, boolean complete) {
    /// The most missing blocks that are named.
    public static final int MISSING_MAX = 100;
  }

  private record Level(Iterator<Cid> links, int count) {}

  private DagWalk() {}

  /// @throws IOException what the source or the visitor throws; [BlockMissingException] for a block
  ///   that is not to be had
  /// @throws MalformedException for a block that is not what its codec demands, or a DAG beyond the
  ///   limits
  public static void walk(BlockSource source, Cid root, Visitor visitor) throws IOException {
    walk(source, List.of(root), visitor);
  }

  /// The same from several roots, one after the other.
  public static void walk(BlockSource source, List<Cid> roots, Visitor visitor) throws IOException {
    MarkSet seen = new MarkSet();
    int blocks = 0;
    int waiting = 0;
    Deque<Level> path = new ArrayDeque<>();
    path.push(new Level(roots.iterator(), 0));
    while (!path.isEmpty()) {
      Level level = path.element();
      if (!level.links.hasNext()) {
        waiting -= path.pop().count;
        continue;
      }
      Cid cid = level.links.next();
      if (!seen.visit(cid)) {
        continue;
      }
      if (++blocks > BLOCKS_MAX) {
        throw new MalformedException("a DAG of more than " + BLOCKS_MAX + " blocks");
      }
      Block block = source.get(cid);
      visitor.visit(block);
      List<Cid> links = Links.of(block);
      if (!links.isEmpty()) {
        if (path.size() > DEPTH_MAX) {
          throw new MalformedException("a DAG is deeper than " + DEPTH_MAX + " links");
        }
        waiting += links.size();
        if (waiting > LINKS_MAX) {
          throw new MalformedException("a DAG of more than " + LINKS_MAX + " links on one path");
        }
        source.prefetch(links);
        path.push(new Level(links.iterator(), links.size()));
      }
    }
  }

  /// Counts what is here of a DAG and names what is not.
  public static Summary summarize(BlockSource source, Cid root) throws IOException {
    long[] sums = new long[3];
    List<Cid> missing = new ArrayList<>();
    BlockSource tolerant =
        cid -> {
          try {
            return source.get(cid);
          } catch (BlockMissingException e) {
            sums[2]++;
            if (missing.size() < Summary.MISSING_MAX) {
              missing.add(cid);
            }
            // Stands for the missing block: it has no links.
            return Block.trusted(Cid.hash(Cid.RAW, new byte[0]), new byte[0]);
          }
        };
    walk(
        tolerant,
        List.of(root),
        block -> {
          sums[0]++;
          sums[1] += block.size();
        });
    return new Summary(
        sums[0] - sums[2], sums[1], Collections.unmodifiableList(missing), sums[2] == 0);
  }
}
