package dev.cairn.multiformats;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A digest that names its hash function (multiformats/multihash): varint code, varint length,
/// digest. Immutable.
public final class Multihash {

  /// The bytes themselves, unhashed.
  public static final long IDENTITY = 0x00;

  public static final long SHA2_256 = 0x12;
  public static final long SHA2_512 = 0x13;

  /// The longest digest that is taken, in bytes; nothing registered is longer, and identity digests
  /// are held to it too.
  public static final int DIGEST_BYTES_MAX = 128;

  private final long code;
  private final byte[] digest;

  private Multihash(long code, byte[] digest) {
    this.code = code;
    this.digest = digest;
  }

  /// A multihash of a digest that is there already.
  ///
  /// @throws MalformedException for a digest longer than its function gives or than
  ///   [#DIGEST_BYTES_MAX]
  public static Multihash of(long code, byte[] digest) {
    requireLength(code, digest.length);
    return new Multihash(code, digest.clone());
  }

  /// The whole array as one multihash.
  public static Multihash decode(byte[] encoded) {
    ByteBuffer source = ByteBuffer.wrap(encoded);
    Multihash multihash = decode(source);
    if (source.hasRemaining()) {
      throw new MalformedException(source.remaining() + " bytes follow a multihash");
    }
    return multihash;
  }

  /// Reads one multihash and moves the buffer's position behind it.
  ///
  /// @throws MalformedException when it is truncated or its digest is too long
  public static Multihash decode(ByteBuffer source) {
    long code = Varint.read(source);
    long length = Varint.read(source);
    requireLength(code, length);
    if (length > source.remaining()) {
      throw new MalformedException(
          "a digest of " + length + " bytes has only " + source.remaining());
    }
    byte[] digest = new byte[(int) length];
    source.get(digest);
    return new Multihash(code, digest);
  }

  private static void requireLength(long code, long length) {
    int max = DIGEST_BYTES_MAX;
    if (code == SHA2_256) {
      max = 32;
    } else if (code == SHA2_512) {
      max = 64;
    }
    if (length > max) {
      throw new MalformedException(
          "a digest of "
              + length
              + " bytes, above "
              + max
              + " for hash 0x"
              + Long.toHexString(code));
    }
  }

  /// The function's code in the multicodec table.
  public long code() {
    return code;
  }

  /// A copy of the digest.
  public byte[] digest() {
    return digest.clone();
  }

  /// Bytes of the whole encoding.
  public int size() {
    return Varint.sizeOf(code) + Varint.sizeOf(digest.length) + digest.length;
  }

  public byte[] encode() {
    byte[] bytes = new byte[size()];
    write(bytes, 0);
    return bytes;
  }

  int write(byte[] target, int offset) {
    int at = Varint.write(digest.length, target, Varint.write(code, target, offset));
    System.arraycopy(digest, 0, target, at, digest.length);
    return at + digest.length;
  }

  int digestLength() {
    return digest.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Multihash that
        && code == that.code
        && Arrays.equals(digest, that.digest);
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(code) + Arrays.hashCode(digest);
  }

  /// Base58btc of the encoding, as peer ids are written.
  @Override
  public String toString() {
    return Base58.encode(encode());
  }
}
