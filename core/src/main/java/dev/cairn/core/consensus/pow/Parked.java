package dev.cairn.core.consensus.pow;

import dev.cairn.core.block.Block;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Blocks with good work that cannot be placed yet: their parent is not here, or their time has not
/// come. Bounded in blocks and bytes, and in blocks for each peer: who sends many pushes out its
/// own.
///
/// Owner: the engine.
final class Parked {

  /// Blocks from one peer: more than the heights that are fetched one by one.
  static final int PEER_BLOCKS_MAX = 384;

  static final int BLOCKS_MAX = 1_024;
  static final long BYTES_MAX = 64L << 20;

  /// @param untilMillis the local time from which it may be taken up; 0 while its parent is missing
  record Waiting(Block block, String peer, long untilMillis) {}

  /// A block that is needed and not here.
  record Missing(Cid block, String peer) {}

  private final Map<Cid, Waiting> blocks = new LinkedHashMap<>();
  private long bytes;

  boolean holds(Cid id) {
    return blocks.containsKey(id);
  }

  Optional<Block> block(Cid id) {
    return Optional.ofNullable(blocks.get(id)).map(Waiting::block);
  }

  int size() {
    return blocks.size();
  }

  void add(Block block, String peer, long untilMillis) {
    if (blocks.containsKey(block.id())) {
      return;
    }
    long ofPeer = blocks.values().stream().filter(w -> w.peer().equals(peer)).count();
    if (ofPeer >= PEER_BLOCKS_MAX) {
      blocks.values().stream()
          .filter(w -> w.peer().equals(peer))
          .findFirst()
          .ifPresent(w -> remove(w.block().id()));
    }
    while (blocks.size() >= BLOCKS_MAX || (bytes + block.size() > BYTES_MAX && !blocks.isEmpty())) {
      remove(blocks.keySet().iterator().next());
    }
    blocks.put(block.id(), new Waiting(block, peer, untilMillis));
    bytes += block.size();
  }

  private void remove(Cid id) {
    Waiting waiting = blocks.remove(id);
    if (waiting != null) {
      bytes -= waiting.block().size();
    }
  }

  /// Takes out those whose parent this is.
  List<Waiting> childrenOf(Cid parent) {
    List<Waiting> children = new ArrayList<>();
    for (Waiting waiting : blocks.values()) {
      if (waiting.block().parent().equals(Optional.of(parent)) && waiting.untilMillis() == 0) {
        children.add(waiting);
      }
    }
    children.forEach(w -> remove(w.block().id()));
    return children;
  }

  /// Takes out those whose time has come.
  List<Waiting> due(long wallMillis) {
    List<Waiting> due = new ArrayList<>();
    for (Waiting waiting : blocks.values()) {
      if (waiting.untilMillis() != 0 && waiting.untilMillis() <= wallMillis) {
        due.add(waiting);
      }
    }
    due.forEach(w -> remove(w.block().id()));
    return due;
  }

  /// The next local time at which one may be taken up.
  Optional<Long> nextMillis() {
    return blocks.values().stream()
        .map(Waiting::untilMillis)
        .filter(until -> until != 0)
        .min(Long::compare);
  }

  /// Forgets what is at or below a height that is final, or just above it upon another block.
  void finalized(long height, Cid id) {
    for (Waiting waiting : List.copyOf(blocks.values())) {
      Block block = waiting.block();
      boolean loses = block.height() == height + 1 && !block.parent().equals(Optional.of(id));
      if (block.height() <= height || loses) {
        remove(block.id());
      }
    }
  }

  /// The parents that are missing, each once.
  List<Missing> missing() {
    Map<Cid, Missing> missing = new LinkedHashMap<>();
    for (Waiting waiting : blocks.values()) {
      Cid parent = waiting.block().parent().orElseThrow();
      if (waiting.untilMillis() == 0 && !blocks.containsKey(parent)) {
        missing.putIfAbsent(parent, new Missing(parent, waiting.peer()));
      }
    }
    return List.copyOf(missing.values());
  }
}
