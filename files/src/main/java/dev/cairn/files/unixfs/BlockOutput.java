package dev.cairn.files.unixfs;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSink;
import dev.cairn.files.block.InPlace;
import dev.cairn.files.dag.PbNode;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multihash;
import java.util.ArrayList;
import java.util.List;

/// Hands the blocks of one import to the sink: small ones together, because a store pays for each
/// call. Owned by the thread that imports; [#putLeaf] alone may be called from others.
final class BlockOutput {

  /// Blocks from this size on go alone.
  static final int LARGE_BYTES = 64 << 10;

  private static final int BATCH_BLOCKS = 128;
  private static final int BATCH_BYTES = 1 << 20;

  private final Profile profile;
  private final BlockSink sink;
  private final List<Block> waiting = new ArrayList<>();
  private final List<InPlace> waitingInPlace = new ArrayList<>();
  private int waitingBytes;
  private long blocks;

  BlockOutput(Profile profile, BlockSink sink) {
    this.profile = profile;
    this.sink = sink;
  }

  /// A node's block, named as the profile has it.
  Block block(PbNode node) {
    byte[] bytes = node.encode();
    Block block = Block.of(Cid.DAG_PB, bytes);
    if (profile.cidVersion() == 1) {
      return block;
    }
    byte[] multihash = new byte[2 + Cid.DIGEST_BYTES];
    multihash[0] = (byte) Multihash.SHA2_256;
    multihash[1] = Cid.DIGEST_BYTES;
    System.arraycopy(block.cid().digest(), 0, multihash, 2, Cid.DIGEST_BYTES);
    return Block.trusted(Cid.decode(multihash), bytes);
  }

  /// Hands over a node and returns its block.
  Block put(PbNode node) {
    Block block = block(node);
    put(block);
    return block;
  }

  void put(Block block) {
    blocks++;
    if (block.size() >= LARGE_BYTES) {
      sink.put(List.of(block));
      return;
    }
    waiting.add(block);
    waited(block);
  }

  void put(InPlace leaf) {
    blocks++;
    waitingInPlace.add(leaf);
    waited(leaf.block());
  }

  private void waited(Block block) {
    waitingBytes += block.size();
    if (waiting.size() + waitingInPlace.size() >= BATCH_BLOCKS || waitingBytes >= BATCH_BYTES) {
      flush();
    }
  }

  /// Hands over a large leaf at once, from any thread; [#counted] is told by the owner.
  void putLeaf(Block block) {
    sink.putCold(List.of(block));
  }

  void putLeaf(InPlace leaf) {
    sink.putInPlace(List.of(leaf));
  }

  void counted() {
    blocks++;
  }

  long blocks() {
    return blocks;
  }

  void flush() {
    if (!waiting.isEmpty()) {
      sink.put(List.copyOf(waiting));
      waiting.clear();
    }
    if (!waitingInPlace.isEmpty()) {
      sink.putInPlace(List.copyOf(waitingInPlace));
      waitingInPlace.clear();
    }
    waitingBytes = 0;
  }
}
