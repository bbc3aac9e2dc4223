package dev.cairn.core.consensus.pow;

import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.Tip;
import dev.cairn.multiformats.Cid;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// The blocks above the final one whose headers are good, and the work in each branch.
///
/// Owner: the engine.
final class WorkTree {

  /// Blocks held at once, of all branches.
  static final int BLOCKS_MAX = 768;

  enum State {
    /// Its header is good; the ledger has not seen it.
    HELD,
    CHECKING,
    VALID,
    INVALID
  }

  /// A block of the tree.
  static final class Node {
    final Block block;

    /// Null upon the tip.
    @Nullable Node parent;

    /// Of the branch up to and with this block, from an origin that all of them share.
    final BigInteger work;

    State state = State.HELD;

    /// Whether other nodes had this block from here.
    boolean sent;

    Node(Block block, @Nullable Node parent, BigInteger work) {
      this.block = block;
      this.parent = parent;
      this.work = work;
    }
  }

  private final PowRules rules;
  private final LongUnaryOperator finalTimes;

  /// In the order in which they came.
  private final Map<Cid, Node> nodes = new LinkedHashMap<>();

  /// The times of the last final blocks, ascending by height, at most [PowRules#MEDIAN_BLOCKS].
  private final List<Long> lastTimes = new ArrayList<>();

  private Tip tip;
  private BigInteger tipWork = BigInteger.ZERO;
  private long bytes;

  /// @param finalTimes the header time of the final block at a height
  WorkTree(PowRules rules, Tip tip, LongUnaryOperator finalTimes) {
    this.rules = rules;
    this.finalTimes = finalTimes;
    this.tip = tip;
    readTimes();
  }

  private void readTimes() {
    lastTimes.clear();
    long first = Math.max(0, tip.height() - PowRules.MEDIAN_BLOCKS + 1);
    for (long height = first; height <= tip.height(); height++) {
      lastTimes.add(finalTimes.applyAsLong(height));
    }
  }

  Tip tip() {
    return tip;
  }

  Optional<Node> node(Cid id) {
    return Optional.ofNullable(nodes.get(id));
  }

  boolean holds(Cid id) {
    return id.equals(tip.block()) || nodes.containsKey(id);
  }

  int size() {
    return nodes.size();
  }

  long bytes() {
    return bytes;
  }

  /// The work up to a node; the tip's for none.
  BigInteger work(@Nullable Node node) {
    return node == null ? tipWork : node.work;
  }

  /// The median of the times of the last blocks up to a node, or up to the tip.
  long median(@Nullable Node node) {
    long[] times = new long[PowRules.MEDIAN_BLOCKS];
    int count = 0;
    for (Node n = node; n != null && count < times.length; n = n.parent) {
      times[count++] = n.block.header().time();
    }
    for (int i = lastTimes.size() - 1; i >= 0 && count < times.length; i--) {
      times[count++] = lastTimes.get(i);
    }
    Arrays.sort(times, 0, count);
    return times[count / 2];
  }

  /// Why a header must not follow a node, or the tip.
  Optional<String> fault(Block block, @Nullable Node parent) {
    long height = parent == null ? tip.height() : parent.block.height();
    long time = parent == null ? tip.timeMillis() : parent.block.header().time();
    return rules.fault(block.header(), height, time, median(parent));
  }

  /// Adds a block with a good header upon a node, or upon the tip; empty when there is no room: a
  /// branch with less work went first, unless this one has the least.
  ///
  /// @param keep a node whose branch stays
  Optional<Node> add(Block block, @Nullable Node parent, @Nullable Node keep) {
    BigInteger work =
        work(parent).add(WorkTuple.decode(block.header().consensus()).target().work());
    while (nodes.size() >= BLOCKS_MAX || bytes + block.size() > rules.openBytesMax()) {
      Node least = weakestLeaf(parent, keep);
      if (least == null || least.work.compareTo(work) >= 0) {
        return Optional.empty();
      }
      remove(least);
    }
    Node node = new Node(block, parent, work);
    nodes.put(block.id(), node);
    bytes += block.size();
    return Optional.of(node);
  }

  private @Nullable Node weakestLeaf(@Nullable Node parent, @Nullable Node keep) {
    Map<Cid, Node> inner = new LinkedHashMap<>();
    for (Node node : nodes.values()) {
      if (node.parent != null) {
        inner.put(node.parent.block.id(), node.parent);
      }
    }
    Node least = null;
    for (Node node : nodes.values()) {
      boolean leaf = !inner.containsKey(node.block.id());
      if (leaf
          && node != parent
          && node != keep
          && node.state != State.CHECKING
          && (least == null || node.work.compareTo(least.work) < 0)) {
        least = node;
      }
    }
    return least;
  }

  private void remove(Node node) {
    if (nodes.remove(node.block.id()) != null) {
      bytes -= node.block.size();
    }
  }

  /// The branch with the most work, when that is more than the head's: of equals the one that came
  /// first.
  ///
  /// @param head null for the tip
  Optional<Node> heaviest(@Nullable Node head) {
    BigInteger most = work(head);
    Node best = null;
    for (Node node : nodes.values()) {
      if (node.state != State.INVALID && node.work.compareTo(most) > 0) {
        best = node;
        most = node.work;
      }
    }
    return Optional.ofNullable(best);
  }

  /// The lowest block of the branch that the ledger has not executed; empty when it has them all.
  static Optional<Node> unchecked(Node leaf) {
    Node lowest = null;
    for (Node node = leaf; node != null && node.state != State.VALID; node = node.parent) {
      lowest = node;
    }
    return Optional.ofNullable(lowest);
  }

  /// Marks a block as against the rules and forgets all upon it.
  void invalidate(Node bad) {
    bad.state = State.INVALID;
    for (Node node : List.copyOf(nodes.values())) {
      if (node != bad && descends(node, bad)) {
        remove(node);
      }
    }
  }

  private static boolean descends(@Nullable Node node, Node from) {
    Node at = node;
    while (at != null && at.block.height() > from.block.height()) {
      at = at.parent;
    }
    return at == from;
  }

  /// The block of a node's branch at a height above the tip's.
  static Node ancestor(Node leaf, long height) {
    Node node = leaf;
    while (node.block.height() > height) {
      node = Objects.requireNonNull(node.parent);
    }
    return node;
  }

  /// Makes a block of the tree the tip, and forgets all that does not descend from it.
  void finalized(Node next) {
    List<Node> kept = new ArrayList<>();
    for (Node node : nodes.values()) {
      if (node != next && descends(node, next)) {
        kept.add(node);
      }
    }
    int end = lastTimes.size();
    for (Node node = next; node != null; node = node.parent) {
      lastTimes.add(end, node.block.header().time());
    }
    int surplus = lastTimes.size() - PowRules.MEDIAN_BLOCKS;
    lastTimes.subList(0, Math.max(0, surplus)).clear();
    tip = new Tip(next.block.id(), next.block.height(), next.block.header().time(), Bytes.EMPTY);
    tipWork = next.work;
    keep(kept);
    for (Node node : kept) {
      if (node.parent == next) {
        node.parent = null;
      }
    }
  }

  /// Takes a tip that the chain store came to by another way.
  void synced(Tip next) {
    Optional<Node> known = node(next.block());
    if (known.isPresent()) {
      finalized(known.get());
      return;
    }
    keep(List.of());
    tip = next;
    tipWork = BigInteger.ZERO;
    readTimes();
  }

  private void keep(List<Node> kept) {
    nodes.clear();
    bytes = 0;
    for (Node node : kept) {
      nodes.put(node.block.id(), node);
      bytes += node.block.size();
    }
  }
}
