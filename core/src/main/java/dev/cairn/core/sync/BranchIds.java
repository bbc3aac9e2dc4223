package dev.cairn.core.sync;

import dev.cairn.multiformats.Cid;
import java.util.Arrays;

/// The ids of a branch's blocks by height. Those past [#BLOCKS_MAX] are not kept: what lies there
/// is found out about again when the blocks below are here.
///
/// Owner: the [HeaderSync].
final class BranchIds {

  /// 8 MiB of digests.
  static final int BLOCKS_MAX = 1 << 18;

  private final long start;
  private final Cid startId;
  private byte[] digests = new byte[64 * Cid.DIGEST_BYTES];
  private int count;

  /// @param start the height of the final block that the branch is upon
  BranchIds(long start, Cid startId) {
    this.start = start;
    this.startId = startId;
  }

  void add(Cid id) {
    if (count == BLOCKS_MAX) {
      return;
    }
    int at = count * Cid.DIGEST_BYTES;
    if (at == digests.length) {
      digests = Arrays.copyOf(digests, 2 * at);
    }
    System.arraycopy(id.digest(), 0, digests, at, Cid.DIGEST_BYTES);
    count++;
  }

  /// The highest height whose id is kept.
  long last() {
    return start + count;
  }

  /// Whether one of two branches upon the same block goes on from the other, as far as ids are
  /// kept.
  boolean agrees(BranchIds other) {
    int common = Math.min(count, other.count);
    int at = Math.max(0, common - 1) * Cid.DIGEST_BYTES;
    int end = common * Cid.DIGEST_BYTES;
    return Arrays.equals(digests, at, end, other.digests, at, end);
  }

  /// Whether the branch has this block at a height whose id is kept.
  boolean has(long height, Cid id) {
    if (height <= start || height > last()) {
      return height == start && id.equals(startId);
    }
    int at = (int) (height - start - 1) * Cid.DIGEST_BYTES;
    return Arrays.equals(digests, at, at + Cid.DIGEST_BYTES, id.digest(), 0, Cid.DIGEST_BYTES);
  }
}
