package dev.cairn.files.dag;

import dev.cairn.crypto.Sha256;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multihash;
import java.nio.ByteBuffer;

/// A set of blocks in 32 bytes each, for whoever has to remember every block of a large DAG or of a
/// store: the first 128 bits of the digest of a sha2-256, of others the first 128 bits of their
/// sha2-256. Two blocks that agree there would take 2^64 tries to find. Owned by one thread.
public final class MarkSet {

  private static final int INITIAL = 1 << 10;

  private long[] words = new long[2 * INITIAL];
  private int size;
  private boolean hasZero;

  /// Holds nothing yet.
  public MarkSet() {}

  /// Remembers a visit, and returns false when there was one before. One content may be named as a
  /// raw block and as one with links; the first name does not hide what is below the second.
  public boolean visit(Cid cid) {
    return add(mark(cid));
  }

  /// Whether there was a visit.
  public boolean visited(Cid cid) {
    return contains(mark(cid));
  }

  private static Multihash mark(Cid cid) {
    Multihash hash = cid.multihash();
    return Links.areIn(cid) ? Multihash.of(cid.codec(), Sha256.digest(hash.encode())) : hash;
  }

  /// False when it was there.
  public boolean add(Multihash hash) {
    ByteBuffer key = key(hash);
    long high = key.getLong();
    long low = key.getLong();
    if (high == 0 && low == 0) {
      boolean added = !hasZero;
      hasZero = true;
      return added;
    }
    if (size * 4L > words.length) {
      grow();
    }
    if (!insert(words, high, low)) {
      return false;
    }
    size++;
    return true;
  }

  public boolean contains(Multihash hash) {
    ByteBuffer key = key(hash);
    long high = key.getLong();
    long low = key.getLong();
    if (high == 0 && low == 0) {
      return hasZero;
    }
    int mask = words.length - 1;
    for (int at = slot(high, mask); ; at = (at + 2) & mask) {
      if (words[at] == high && words[at + 1] == low) {
        return true;
      }
      if (words[at] == 0 && words[at + 1] == 0) {
        return false;
      }
    }
  }

  private static ByteBuffer key(Multihash hash) {
    byte[] digest = hash.digest();
    boolean sha256 = hash.code() == Multihash.SHA2_256 && digest.length == Sha256.BYTES;
    return ByteBuffer.wrap(sha256 ? digest : Sha256.digest(hash.encode()));
  }

  private static int slot(long high, int mask) {
    return (int) (high << 1) & mask;
  }

  private static boolean insert(long[] table, long high, long low) {
    int mask = table.length - 1;
    int at = slot(high, mask);
    while (table[at] != 0 || table[at + 1] != 0) {
      if (table[at] == high && table[at + 1] == low) {
        return false;
      }
      at = (at + 2) & mask;
    }
    table[at] = high;
    table[at + 1] = low;
    return true;
  }

  private void grow() {
    long[] larger = new long[Math.multiplyExact(words.length, 2)];
    for (int i = 0; i < words.length; i += 2) {
      if (words[i] != 0 || words[i + 1] != 0) {
        boolean _ = insert(larger, words[i], words[i + 1]);
      }
    }
    words = larger;
  }
}
