package dev.cairn.files.unixfs;

import dev.cairn.files.block.Block;
import dev.cairn.files.dag.PbLink;
import dev.cairn.files.dag.PbNode;
import dev.cairn.files.dag.UnixFsData;
import dev.cairn.multiformats.Cid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Makes the blocks of one folder from its entries: one block, or a tree of shards when that would
/// be too large (UnixFS, "HAMTDirectory"). Owned by one thread.
///
/// Shards are made from the entries in the order of their hashes, deepest first, so that no trie is
/// ever in memory: a bucket with one entry holds it, one with several holds a shard of its own.
final class FolderImport {

  /// The most entries of a folder; an entry takes about 200 bytes of memory while it is added.
  static final int ENTRIES_MAX = 1_000_000;

  private record Hashed(long hash, PbLink link) {}

  private final Profile profile;
  private final BlockOutput output;
  private final List<PbLink> entries = new ArrayList<>();
  private long size;
  private long wireBytes;

  FolderImport(Profile profile, BlockOutput output) {
    this.profile = profile;
    this.output = output;
  }

  /// @param name differs from all others
  void add(String name, Part part) throws UnixFsException {
    if (entries.size() == ENTRIES_MAX) {
      throw new UnixFsException("a folder has more than " + ENTRIES_MAX + " entries");
    }
    PbLink link = new PbLink(part.cid(), name, part.dagBytes());
    entries.add(link);
    size += part.size();
    wireBytes +=
        switch (profile.estimate()) {
          case BLOCK_BYTES -> PbNode.wireBytes(link);
          case LINK_BYTES -> name.getBytes(StandardCharsets.UTF_8).length + link.cid().size();
        };
  }

  Part finish() throws UnixFsException {
    byte[] data = UnixFsData.directory().encode();
    // Of the whole block, the data with its key and length counts too.
    long own = profile.estimate() == Profile.Estimate.BLOCK_BYTES ? data.length + 2 : 0;
    if (wireBytes + own > profile.shardBytes()) {
      List<Hashed> hashed = new ArrayList<>(entries.size());
      for (PbLink entry : entries) {
        hashed.add(new Hashed(Murmur3.hash64(entry.name()), entry));
      }
      hashed.sort((a, b) -> Long.compareUnsigned(a.hash, b.hash));
      PbLink root = shard(hashed, 0);
      return new Part(root.cid(), size, root.dagBytes());
    }
    entries.sort(Comparator.comparing(FolderImport::utf8, Arrays::compareUnsigned));
    PbLink root = node(entries, data);
    return new Part(root.cid(), size, root.dagBytes());
  }

  private static byte[] utf8(PbLink link) {
    return link.name().getBytes(StandardCharsets.UTF_8);
  }

  private PbLink node(List<PbLink> links, byte[] data) {
    Block block = output.put(PbNode.of(links, data));
    long below = links.stream().mapToLong(PbLink::dagBytes).sum();
    Cid cid = block.cid();
    return new PbLink(cid, "", below + block.size());
  }

  /// Makes the shard of entries whose hashes agree above this level.
  private PbLink shard(List<Hashed> below, int level) throws UnixFsException {
    int fanout = profile.fanout();
    if (level == HamtPath.levels(fanout)) {
      throw new UnixFsException(
          "two names of a folder have the same hash, and sharded folders cannot hold both: "
              + below.get(0).link.name()
              + " and "
              + below.get(1).link.name());
    }
    List<PbLink> links = new ArrayList<>();
    byte[] bitmap = new byte[fanout / 8];
    int start = 0;
    while (start < below.size()) {
      int bucket = HamtPath.bucket(below.get(start).hash, level, fanout);
      int end = start + 1;
      while (end < below.size() && HamtPath.bucket(below.get(end).hash, level, fanout) == bucket) {
        end++;
      }
      String prefix = HamtPath.prefix(bucket, fanout);
      PbLink only = below.get(start).link;
      PbLink link =
          end == start + 1
              ? new PbLink(only.cid(), prefix + only.name(), only.dagBytes())
              : named(shard(below.subList(start, end), level + 1), prefix);
      links.add(link);
      bitmap[bitmap.length - 1 - bucket / 8] |= (byte) (1 << bucket % 8);
      start = end;
    }
    return node(links, UnixFsData.shard(withoutLeadingZeros(bitmap), fanout).encode());
  }

  private static PbLink named(PbLink shard, String name) {
    return new PbLink(shard.cid(), name, shard.dagBytes());
  }

  private static byte[] withoutLeadingZeros(byte[] bitmap) {
    int zeros = 0;
    while (zeros < bitmap.length && bitmap[zeros] == 0) {
      zeros++;
    }
    return Arrays.copyOfRange(bitmap, zeros, bitmap.length);
  }
}
