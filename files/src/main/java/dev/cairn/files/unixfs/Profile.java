package dev.cairn.files.unixfs;

import dev.cairn.files.block.Block;

/// All that decides which CID a file or folder gets (IPIP-499): whoever uses the same profile for
/// the same content gets the same CID.
///
/// @param name as the IPIP gives it
/// @param cidVersion of dag-pb nodes, 0 or 1
/// @param rawLeaves whether a file's content lies in raw blocks rather than in dag-pb nodes
/// @param chunkBytes content of a leaf, in bytes
/// @param links the most parts of a node of a file
/// @param fanout buckets of a shard of a large folder: a power of two, 8 to 1,024
/// @param shardBytes a folder over this size is sharded
/// @param estimate how that size is reckoned
public record Profile(
    String name,
    int cidVersion,
    boolean rawLeaves,
    int chunkBytes,
    int links,
    int fanout,
    int shardBytes,
    Estimate estimate) {

  /// How the size of a folder is reckoned.
  public enum Estimate {
    /// Bytes of the whole block.
    BLOCK_BYTES,
    /// Bytes of the entries' names and CIDs alone.
    LINK_BYTES
  }

  /// Modern defaults, and ours.
  public static final Profile V1_2025 =
      new Profile("unixfs-v1-2025", 1, true, 1 << 20, 1024, 256, 256 << 10, Estimate.BLOCK_BYTES);

  /// What kubo did by default until 2025.
  public static final Profile V0_2015 =
      new Profile("unixfs-v0-2015", 0, false, 256 << 10, 174, 256, 256 << 10, Estimate.LINK_BYTES);

  public Profile {
    if (chunkBytes < 1 || chunkBytes > Block.BYTES_MAX - 64) {
      throw new IllegalArgumentException("chunks are 1 byte to " + (Block.BYTES_MAX - 64));
    }
    if (links < 2 || links > 8192) {
      throw new IllegalArgumentException("a node of a file has 2 to 8,192 links");
    }
    if (fanout < 8 || fanout > 1024 || Integer.bitCount(fanout) != 1) {
      throw new IllegalArgumentException("a fanout is a power of two from 8 to 1,024");
    }
    if (shardBytes < 1 || shardBytes > 1 << 20) {
      throw new IllegalArgumentException("folders are sharded at 1 MiB or before");
    }
    if (cidVersion != 1 && (cidVersion != 0 || rawLeaves)) {
      throw new IllegalArgumentException("CIDs of version 0 name only dag-pb nodes");
    }
  }

  /// The profile of that name.
  ///
  /// @throws IllegalArgumentException for another name; the message lists the known ones
  public static Profile named(String name) {
    if (name.equals(V1_2025.name())) {
      return V1_2025;
    }
    if (name.equals(V0_2015.name())) {
      return V0_2015;
    }
    throw new IllegalArgumentException(
        "no profile is named \"" + name + "\"; use " + V1_2025.name() + " or " + V0_2015.name());
  }
}
