package dev.cairn.bench;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.Blocks;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Cid;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A file of 1 MiB chunks that takes next to no memory: a chunk is made when it is asked for, of
/// the same noise with the chunk's number at the front, at the cost of a copy, as from a page
/// cache. What is put is checked off.
final class FileMade implements Blocks {

  static final int CHUNK_BYTES = 1 << 20;

  /// The links of a node in profile unixfs-v1-2025 (IPIP-499).
  private static final int LINKS_MAX = 1_024;

  private final Map<Cid, Integer> chunks = new HashMap<>();
  private final Map<Cid, byte[]> nodes = new HashMap<>();
  private final Set<Cid> here = ConcurrentHashMap.newKeySet();
  private final byte[] noise = new byte[CHUNK_BYTES];
  private final Cid root;

  /// @param complete whether all of it is here from the start
  FileMade(int mebibytes, boolean complete) {
    long state = 0x9e3779b97f4a7c15L;
    for (int i = 0; i < noise.length; i++) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      noise[i] = (byte) (state >>> 56);
    }
    List<Cid> level = new ArrayList<>();
    for (int i = 0; i < mebibytes; i++) {
      Cid cid = Cid.hash(Cid.RAW, chunk(i));
      chunks.put(cid, i);
      level.add(cid);
    }
    long below = CHUNK_BYTES;
    while (level.size() > 1) {
      level = nodes(level, below);
      below *= LINKS_MAX;
    }
    root = level.getFirst();
    if (complete) {
      here.addAll(chunks.keySet());
      here.addAll(nodes.keySet());
    }
  }

  private List<Cid> nodes(List<Cid> level, long below) {
    List<Cid> above = new ArrayList<>();
    for (int from = 0; from < level.size(); from += LINKS_MAX) {
      ProtobufWriter node = new ProtobufWriter();
      for (Cid cid : level.subList(from, Math.min(level.size(), from + LINKS_MAX))) {
        node.message(2, new ProtobufWriter().bytes(1, cid.encode()).text(2, "").varint(3, below));
      }
      byte[] bytes = node.bytes(1, new byte[] {8, 2}).toBytes();
      Cid cid = Cid.hash(Cid.DAG_PB, bytes);
      nodes.put(cid, bytes);
      above.add(cid);
    }
    return above;
  }

  private byte[] chunk(int number) {
    return chunk(number, new byte[CHUNK_BYTES]);
  }

  private byte[] chunk(int number, byte[] chunk) {
    System.arraycopy(noise, 0, chunk, 0, CHUNK_BYTES);
    ByteBuffer.wrap(chunk).putInt(number);
    return chunk;
  }

  Cid root() {
    return root;
  }

  @Override
  public boolean has(Cid cid) {
    return here.contains(cid);
  }

  @Override
  public OptionalInt size(Cid cid) {
    if (!has(cid)) {
      return OptionalInt.empty();
    }
    byte[] node = nodes.get(cid);
    return OptionalInt.of(node == null ? CHUNK_BYTES : node.length);
  }

  @Override
  public Optional<byte[]> get(Cid cid) {
    if (!has(cid)) {
      return Optional.empty();
    }
    byte[] node = nodes.get(cid);
    return Optional.of(node != null ? node : chunk(chunks.getOrDefault(cid, 0)));
  }

  @Override
  public Optional<byte[]> get(Cid cid, BlockArrays arrays) {
    Integer number = has(cid) ? chunks.get(cid) : null;
    return number == null
        ? get(cid).map(byte[]::clone)
        : Optional.of(chunk(number, arrays.take(CHUNK_BYTES)));
  }

  @Override
  public void put(List<Block> blocks) {
    blocks.forEach(block -> here.add(block.cid()));
  }

  @Override
  public void sync() {
    // Nothing is kept.
  }
}
