package dev.cairn.core;

import dev.cairn.crypto.Sha256;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A SHA-256 digest: 32 bytes, held in four longs so that comparing and hashing it costs nothing.
///
/// Ordered as its bytes are, unsigned. Immutable.
public final class Hash implements Comparable<Hash> {

  public static final int BYTES = 32;

  /// 32 zero bytes: the hash that stands for "nothing here".
  public static final Hash ZERO = new Hash(0, 0, 0, 0);

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final long a;
  private final long b;
  private final long c;
  private final long d;

  private Hash(long a, long b, long c, long d) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /// The hash whose bytes these 32 are.
  ///
  /// @throws MalformedException when there are not exactly 32
  public static Hash of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new MalformedException("a hash has 32 bytes, not " + bytes.length);
    }
    return at(bytes, 0);
  }

  /// The hash that stands at `offset`; the array must reach 32 bytes further.
  public static Hash at(byte[] source, int offset) {
    return new Hash(
        (long) LONGS.get(source, offset),
        (long) LONGS.get(source, offset + 8),
        (long) LONGS.get(source, offset + 16),
        (long) LONGS.get(source, offset + 24));
  }

  /// The SHA-256 of the parts, one after another.
  public static Hash sha256(byte[]... parts) {
    return at(Sha256.digest(parts), 0);
  }

  /// Reads 64 hexadecimal digits.
  ///
  /// @throws MalformedException when the text is anything else
  public static Hash parse(String hex) {
    return of(Hex.decode(hex));
  }

  /// A fresh array of 32 bytes.
  public byte[] bytes() {
    byte[] bytes = new byte[BYTES];
    write(bytes, 0);
    return bytes;
  }

  /// Writes the 32 bytes at `offset`.
  public void write(byte[] target, int offset) {
    LONGS.set(target, offset, a);
    LONGS.set(target, offset + 8, b);
    LONGS.set(target, offset + 16, c);
    LONGS.set(target, offset + 24, d);
  }

  /// The bit at `index` (0 to 255), counted from the most significant bit of the first byte.
  public boolean bit(int index) {
    long word =
        switch (index >>> 6) {
          case 0 -> a;
          case 1 -> b;
          case 2 -> c;
          default -> d;
        };
    return (word << (index & 63)) < 0;
  }

  /// How many leading bits this hash shares with the other: 0 to 256.
  public int commonPrefixBits(Hash other) {
    if (a != other.a) {
      return Long.numberOfLeadingZeros(a ^ other.a);
    }
    if (b != other.b) {
      return 64 + Long.numberOfLeadingZeros(b ^ other.b);
    }
    if (c != other.c) {
      return 128 + Long.numberOfLeadingZeros(c ^ other.c);
    }
    return d == other.d ? 256 : 192 + Long.numberOfLeadingZeros(d ^ other.d);
  }

  @Override
  public int compareTo(Hash other) {
    if (a != other.a) {
      return Long.compareUnsigned(a, other.a);
    }
    if (b != other.b) {
      return Long.compareUnsigned(b, other.b);
    }
    if (c != other.c) {
      return Long.compareUnsigned(c, other.c);
    }
    return Long.compareUnsigned(d, other.d);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Hash h && a == h.a && b == h.b && c == h.c && d == h.d;
  }

  /// Digests are spread evenly, but a key that somebody chose need not be: all of it counts.
  @Override
  public int hashCode() {
    return Long.hashCode(((a * 31 + b) * 31 + c) * 31 + d);
  }

  /// 64 lowercase hexadecimal digits.
  @Override
  public String toString() {
    return Hex.encode(bytes());
  }
}
