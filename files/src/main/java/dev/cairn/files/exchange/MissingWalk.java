package dev.cairn.files.exchange;

import dev.cairn.files.bitswap.Keys;
import dev.cairn.files.block.Blocks;
import dev.cairn.files.dag.PbLink;
import dev.cairn.files.dag.PbNode;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Walks a DAG through the blocks that are here, and tells which are missing. What was fetched
/// before a restart is passed over, so that a download resumes.
///
/// In memory are the links along one path, the blocks that are missing, and the names of the nodes
/// that were followed: all bounded, however large, deep or tangled the DAG is.
///
/// Owner: the thread that walks.
final class MissingWalk {

  /// A node whose links are being followed.
  private record Frame(Iterator<Cid> links, int count, int depth) {}

  /// A node that is here, to be followed later.
  private record Node(Cid cid, int depth) {}

  private static final class Missing {
    final Cid cid;
    final int depth;
    int times = 1;

    Missing(Cid cid, int depth) {
      this.cid = cid;
      this.depth = depth;
    }
  }

  private final Blocks blocks;
  private final ExchangeParams params;
  private final Cid root;
  private final boolean follows;
  private final boolean inOrder;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private final Deque<Node> ready = new ArrayDeque<>();
  private final Map<Cid, Missing> missing = new HashMap<>();
  private final Set<Cid> followed = new HashSet<>();
  private int heldLinks;
  private long bytes;
  private long here;
  private long known;
  private OptionalLong total = OptionalLong.empty();

  /// @param follows whether links are followed; else only the root is wanted
  MissingWalk(Cid root, Blocks blocks, ExchangeParams params, boolean follows, boolean inOrder) {
    this.root = root;
    this.blocks = blocks;
    this.params = params;
    this.follows = follows;
    this.inOrder = inOrder;
    push(List.of(root), 0);
  }

  /// Goes on, until `wantsMax` blocks are missing, `visitsMax` links were followed or nothing is
  /// left.
  ///
  /// @return the blocks that were found missing
  /// @throws MalformedException when the DAG is over a limit or a block of it is malformed
  List<Cid> advance(int wantsMax, int visitsMax) {
    List<Cid> wants = new ArrayList<>();
    for (int visits = 0; visits < visitsMax && missing.size() < wantsMax; visits++) {
      Frame top = frames.peek();
      if (top == null) {
        Node node = inOrder ? ready.pollFirst() : ready.pollLast();
        if (node == null) {
          break;
        }
        follow(node.cid, node.depth);
      } else if (!top.links.hasNext()) {
        frames.pop();
        heldLinks -= top.count;
      } else {
        visit(top.links.next(), top.depth, wants);
      }
    }
    return wants;
  }

  private void visit(Cid cid, int depth, List<Cid> wants) {
    if (!cid.isSha256() && cid.multihash().code() == Multihash.IDENTITY) {
      inline(cid, depth);
      return;
    }
    Cid key = Keys.of(cid);
    Missing earlier = missing.get(key);
    known++;
    if (earlier != null) {
      earlier.times++;
      return;
    }
    OptionalInt size = blocks.size(cid);
    if (size.isPresent()) {
      bytes += size.getAsInt();
      here++;
      follow(cid, depth);
    } else {
      missing.put(key, new Missing(cid, depth));
      wants.add(cid);
    }
  }

  private void inline(Cid cid, int depth) {
    if (follows) {
      push(params.links().links(cid, cid.digest()), depth + 1);
    }
  }

  /// A missing block was stored.
  ///
  /// @param links how many it has, as whoever stored it read them
  void delivered(Cid cid, int size, int links) {
    Missing item = missing.remove(Keys.of(cid));
    if (item == null) {
      return;
    }
    bytes += (long) size * item.times;
    here += item.times;
    if (links > 0 || item.cid.codec() != cid.codec() || item.cid.equals(root)) {
      ready.addLast(new Node(item.cid, item.depth));
    }
  }

  private void follow(Cid cid, int depth) {
    if (!follows || (cid.codec() == Cid.RAW && depth > 0) || followed.contains(Keys.of(cid))) {
      return;
    }
    byte[] content =
        blocks.get(cid).orElseThrow(() -> new MalformedException(cid + " was here and is gone"));
    if (depth == 0) {
      total = total(cid, content);
    }
    List<Cid> links = params.links().links(cid, content);
    if (links.isEmpty()) {
      return;
    }
    followed.add(Keys.of(cid));
    if (followed.size() > params.nodesMax()) {
      throw new MalformedException(root + " has more than " + params.nodesMax() + " nodes");
    }
    push(links, depth + 1);
  }

  /// The bytes of the root and of all below it, as its links say.
  private static OptionalLong total(Cid cid, byte[] content) {
    if (cid.codec() == Cid.RAW) {
      return OptionalLong.of(content.length);
    }
    if (cid.codec() != Cid.DAG_PB) {
      return OptionalLong.empty();
    }
    long total = content.length;
    for (PbLink link : PbNode.decode(content).links()) {
      total += link.dagBytes();
      if (link.dagBytes() < 0 || total < 0) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(total);
  }

  private void push(List<Cid> links, int depth) {
    if (depth > params.depthMax()) {
      throw new MalformedException(root + " is more than " + params.depthMax() + " links deep");
    }
    heldLinks += links.size();
    if (heldLinks > params.linksMax()) {
      throw new MalformedException(
          root + " has more than " + params.linksMax() + " links on one path");
    }
    frames.push(new Frame(links.iterator(), links.size(), depth));
  }

  /// Whether every block was found.
  boolean done() {
    return frames.isEmpty() && ready.isEmpty() && missing.isEmpty();
  }

  /// Whether it can go on with no block more.
  boolean canAdvance(int wantsMax) {
    return missing.size() < wantsMax && !(frames.isEmpty() && ready.isEmpty());
  }

  int missing() {
    return missing.size();
  }

  long bytes() {
    return bytes;
  }

  long here() {
    return here;
  }

  long known() {
    return known;
  }

  OptionalLong total() {
    return total;
  }
}
