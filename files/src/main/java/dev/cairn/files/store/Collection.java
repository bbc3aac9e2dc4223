package dev.cairn.files.store;

import dev.cairn.files.block.Block;
import dev.cairn.files.dag.Links;
import dev.cairn.files.dag.MarkSet;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One garbage collection: marks all below the pins, then removes what is unmarked and old, a page
/// of rows at a time, so that others wait for a page at most. Owned by one thread.
final class Collection {

  static final int PAGE_ROWS = 64;

  private final FileStore store;
  private final Index index;
  private final Writes writes;
  private final MarkSet marks = new MarkSet();
  private long missing;
  private long kept;
  private long removedBlocks;
  private long removedBytes;

  Collection(FileStore store, Index index, Writes writes) {
    this.store = store;
    this.index = index;
    this.writes = writes;
  }

  GcReport run(Duration recent) {
    writes.collector().lock();
    try {
      long cutoff = writes.startCollecting(recent);
      for (Pin pin : index.pins()) {
        mark(pin.cid());
      }
      sweep(cutoff);
      for (int shard = 0; shard < 256; shard++) {
        writes.removeStrays(shard);
      }
      return new GcReport(removedBlocks, removedBytes, kept, missing);
    } finally {
      writes.endCollecting();
      writes.collector().unlock();
    }
  }

  private void mark(Cid root) {
    Deque<Cid> waiting = new ArrayDeque<>();
    waiting.push(root);
    while (!waiting.isEmpty()) {
      Cid cid = waiting.pop();
      if (Block.inline(cid).isPresent() || !marks.visit(cid)) {
        continue;
      }
      if (!Links.areIn(cid)) {
        missing += index.row(cid.multihash()).isPresent() ? 0 : 1;
        continue;
      }
      boolean _ = marks.add(cid.multihash());
      Optional<byte[]> content = store.get(cid);
      if (content.isEmpty()) {
        missing++;
      } else {
        links(Block.trusted(cid, content.get())).forEach(waiting::push);
      }
    }
  }

  private static List<Cid> links(Block block) {
    try {
      return Links.of(block);
    } catch (MalformedException e) {
      return List.of(); // it is pinned all the same, whatever it is
    }
  }

  private void sweep(long cutoff) {
    byte[] after = {};
    while (true) {
      List<Index.Entry> page = index.page(after, PAGE_ROWS);
      if (page.isEmpty()) {
        return;
      }
      List<Multihash> unmarked = new ArrayList<>();
      for (Index.Entry entry : page) {
        if (entry.row().stamp() < cutoff && !marks.contains(entry.hash())) {
          unmarked.add(entry.hash());
        }
      }
      Optional<Map<Multihash, Row>> removed = writes.collect(unmarked, cutoff);
      if (removed.isEmpty()) {
        writes.takePinned().forEach(this::mark);
        continue; // the same page once more, with what is marked now
      }
      kept += page.size() - removed.get().size();
      removedBlocks += removed.get().size();
      for (Row row : removed.get().values()) {
        removedBytes += row instanceof Row.Place ? 0 : row.size();
      }
      after = page.getLast().hash().encode();
    }
  }
}
