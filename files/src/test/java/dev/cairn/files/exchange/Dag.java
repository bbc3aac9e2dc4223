package dev.cairn.files.exchange;

import dev.cairn.files.block.Block;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A file as a DAG, made of noise.
record Dag(Cid root, List<Block> blocks) {

  static Dag of(int leaves, int leafBytes, long seed) {
    Random random = new Random(seed);
    List<Block> blocks = new ArrayList<>();
    List<Block> level = new ArrayList<>();
    for (int i = 0; i < leaves; i++) {
      byte[] bytes = new byte[leafBytes];
      random.nextBytes(bytes);
      level.add(Block.of(Cid.RAW, bytes));
    }
    blocks.addAll(level);
    while (level.size() > 1) {
      List<Block> above = new ArrayList<>();
      for (int from = 0; from < level.size(); from += 50) {
        above.add(node(level.subList(from, Math.min(level.size(), from + 50))));
      }
      blocks.addAll(above);
      level = above;
    }
    return new Dag(level.getFirst().cid(), blocks);
  }

  static Block node(List<Block> children) {
    ProtobufWriter node = new ProtobufWriter();
    for (Block child : children) {
      node.message(
          2,
          new ProtobufWriter()
              .bytes(1, child.cid().encode())
              .text(2, "")
              .varint(3, child.size()));
    }
    return Block.of(Cid.DAG_PB, node.bytes(1, new byte[] {8, 2}).toBytes());
  }

  /// A chain of nodes, one below the other.
  static Dag chain(int depth) {
    List<Block> blocks = new ArrayList<>();
    Block last = Block.of(Cid.RAW, new byte[] {1});
    blocks.add(last);
    for (int i = 0; i < depth; i++) {
      last = node(List.of(last));
      blocks.add(last);
    }
    return new Dag(last.cid(), blocks);
  }

  long bytes() {
    return blocks.stream().mapToLong(Block::size).sum();
  }
}
