package dev.cairn.files.unixfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The first 64 bits of MurmurHash3 x64 128 with seed 0 (public domain, Austin Appleby): multihash
/// 0x22, which places the entries of sharded folders. Not for anything that an adversary must not
/// steer.
final class Murmur3 {

  private static final long C1 = 0x87c37b91114253d5L;
  private static final long C2 = 0x4cf5ad432745937fL;

  private Murmur3() {}

  static long hash64(String name) {
    return hash64(name.getBytes(StandardCharsets.UTF_8));
  }

  static long hash64(byte[] data) {
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    long h1 = 0;
    long h2 = 0;
    while (in.remaining() >= 16) {
      h1 ^= mix1(in.getLong());
      h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
      h2 ^= mix2(in.getLong());
      h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
    }
    h1 ^= mix1(tail(data, in.position(), 8));
    h2 ^= mix2(tail(data, in.position() + 8, 8));
    h1 ^= data.length;
    h2 ^= data.length;
    h1 += h2;
    h2 += h1;
    return finish(h1) + finish(h2);
  }

  /// What is left from `start`, at most `max` bytes, as a little-endian number.
  private static long tail(byte[] data, int start, int max) {
    long value = 0;
    for (int i = Math.min(data.length - start, max) - 1; i >= 0; i--) {
      value = value << 8 | (data[start + i] & 0xff);
    }
    return value;
  }

  private static long mix1(long k) {
    return Long.rotateLeft(k * C1, 31) * C2;
  }

  private static long mix2(long k) {
    return Long.rotateLeft(k * C2, 33) * C1;
  }

  private static long finish(long h) {
    long k = h;
    k ^= k >>> 33;
    k *= 0xff51afd7ed558ccdL;
    k ^= k >>> 33;
    k *= 0xc4ceb9fe1a85ec53L;
    k ^= k >>> 33;
    return k;
  }
}
