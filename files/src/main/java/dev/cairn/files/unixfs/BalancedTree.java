package dev.cairn.files.unixfs;

import dev.cairn.files.block.Block;
import dev.cairn.files.dag.PbLink;
import dev.cairn.files.dag.PbNode;
import dev.cairn.files.dag.UnixFsData;
import java.util.ArrayList;
import java.util.List;

/// Puts leaves under nodes as they come (the `balanced` layout of IPIP-499): every leaf is equally
/// deep, and a node is closed when another part comes after its last. Holds one open node a level,
/// whatever the file's size. Owned by one thread.
final class BalancedTree {

  private final int linksMax;
  private final BlockOutput output;
  private final List<List<Part>> levels = new ArrayList<>();

  BalancedTree(Profile profile, BlockOutput output) {
    this.linksMax = profile.links();
    this.output = output;
  }

  void add(Part leaf) {
    add(0, leaf);
  }

  private void add(int level, Part part) {
    if (level == levels.size()) {
      levels.add(new ArrayList<>());
    }
    List<Part> open = levels.get(level);
    if (open.size() == linksMax) {
      Part closed = close(open);
      open.clear();
      add(level + 1, closed);
    }
    open.add(part);
  }

  /// The root, once there was at least one leaf.
  Part finish() {
    for (int level = 0; ; level++) {
      List<Part> open = levels.get(level);
      if (level == levels.size() - 1 && open.size() == 1) {
        return open.getFirst();
      }
      Part closed = close(open);
      open.clear();
      add(level + 1, closed);
    }
  }

  private Part close(List<Part> parts) {
    List<PbLink> links = new ArrayList<>(parts.size());
    long[] sizes = new long[parts.size()];
    long size = 0;
    long dagBytes = 0;
    for (int i = 0; i < sizes.length; i++) {
      Part part = parts.get(i);
      links.add(new PbLink(part.cid(), "", part.dagBytes()));
      sizes[i] = part.size();
      size += part.size();
      dagBytes += part.dagBytes();
    }
    Block block = output.put(PbNode.of(links, UnixFsData.file(sizes).encode()));
    return new Part(block.cid(), size, dagBytes + block.size());
  }
}
