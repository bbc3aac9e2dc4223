package dev.cairn.multiformats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A content identifier (multiformats/cid): version, codec and the hash of the content. Immutable.
///
/// The digest of the common kind, sha2-256, is held in four longs, so that comparing and hashing
/// touch no array.
public final class Cid implements Comparable<Cid> {

  public static final long RAW = 0x55;
  public static final long DAG_PB = 0x70;
  public static final long DAG_CBOR = 0x71;
  public static final long LIBP2P_KEY = 0x72;

  /// Bytes of a sha2-256 digest.
  public static final int DIGEST_BYTES = 32;

  /// The longest encoding, in bytes: version, codec, hash code, length and digest.
  public static final int BYTES_MAX = 1 + Varint.BYTES_MAX * 2 + 2 + Multihash.DIGEST_BYTES_MAX;

  /// The longest text, in characters; enough for [#BYTES_MAX] in base 16.
  public static final int TEXT_CHARS_MAX = 1 + 2 * BYTES_MAX;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int V0_BYTES = 34;

  private final int version;
  private final long codec;

  /// The digest where it is sha2-256; zero otherwise.
  private final long a;

  private final long b;
  private final long c;
  private final long d;

  /// The hash where it is any other.
  private final @Nullable Multihash other;

  private Cid(int version, long codec, byte[] source, int offset) {
    this.version = version;
    this.codec = codec;
    this.a = (long) LONGS.get(source, offset);
    this.b = (long) LONGS.get(source, offset + 8);
    this.c = (long) LONGS.get(source, offset + 16);
    this.d = (long) LONGS.get(source, offset + 24);
    this.other = null;
  }

  private Cid(long codec, Multihash other) {
    this.version = 1;
    this.codec = codec;
    this.a = 0;
    this.b = 0;
    this.c = 0;
    this.d = 0;
    this.other = other;
  }

  /// A CIDv1 of a sha2-256 digest of 32 bytes.
  public static Cid sha256(long codec, byte[] digest) {
    if (digest.length != DIGEST_BYTES) {
      throw new IllegalArgumentException(
          "a sha2-256 digest has " + DIGEST_BYTES + " bytes, not " + digest.length);
    }
    return new Cid(1, requireCodec(codec), digest, 0);
  }

  /// The CIDv1 of `content`, by sha2-256.
  public static Cid hash(long codec, byte[] content) {
    return hash(codec, content, 0, content.length);
  }

  /// The CIDv1 of a range of `content`, by sha2-256.
  public static Cid hash(long codec, byte[] content, int offset, int length) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(content, offset, length);
      return new Cid(1, requireCodec(codec), sha256.digest(), 0);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// A CIDv1 of any hash.
  public static Cid of(long codec, Multihash hash) {
    requireCodec(codec);
    if (hash.code() == Multihash.SHA2_256 && hash.digestLength() == DIGEST_BYTES) {
      return new Cid(1, codec, hash.digest(), 0);
    }
    return new Cid(codec, hash);
  }

  /// Reads the text of a CIDv0 (base58btc of 46 characters) or of a CIDv1 in any multibase.
  ///
  /// @throws MalformedException for anything else
  public static Cid parse(String text) {
    if (text.length() > TEXT_CHARS_MAX) {
      throw new MalformedException("a CID of " + text.length() + " characters is too long");
    }
    if (text.length() == 46 && text.startsWith("Qm")) {
      return decode(Base58.decode(text));
    }
    Cid cid = decode(Multibase.decode(text));
    if (cid.version == 0) {
      throw new MalformedException("a CIDv0 has no multibase prefix");
    }
    return cid;
  }

  /// Reads a CID that fills the whole array.
  public static Cid decode(byte[] encoded) {
    return decode(encoded, 0, encoded.length);
  }

  /// Reads a CID that fills the whole range.
  ///
  /// @throws MalformedException for another version, a truncated hash or bytes left over
  public static Cid decode(byte[] source, int offset, int length) {
    // What nearly all CIDs are: version 1, a codec of one byte, sha2-256 of 32 bytes.
    if (length == 4 + DIGEST_BYTES
        && source[offset] == 1
        && source[offset + 1] >= 0
        && source[offset + 2] == Multihash.SHA2_256
        && source[offset + 3] == DIGEST_BYTES) {
      return new Cid(1, source[offset + 1], source, offset + 4);
    }
    if (length == V0_BYTES
        && source[offset] == Multihash.SHA2_256
        && source[offset + 1] == DIGEST_BYTES) {
      return new Cid(0, DAG_PB, source, offset + 2);
    }
    ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
    long version = Varint.read(buffer);
    if (version != 1) {
      throw new MalformedException("a CID of version " + version);
    }
    long codec = Varint.read(buffer);
    Multihash hash = Multihash.decode(buffer);
    if (buffer.hasRemaining()) {
      throw new MalformedException(buffer.remaining() + " bytes follow a CID");
    }
    return of(codec, hash);
  }

  private static long requireCodec(long codec) {
    if (codec < 0) {
      throw new IllegalArgumentException("a codec is 0 to 2^63-1, not " + codec);
    }
    return codec;
  }

  /// 0 or 1.
  public int version() {
    return version;
  }

  /// The content's codec in the multicodec table.
  public long codec() {
    return codec;
  }

  /// True for a sha2-256 digest of 32 bytes, the only kind the chain uses.
  public boolean isSha256() {
    return other == null;
  }

  public Multihash multihash() {
    return other != null ? other : Multihash.of(Multihash.SHA2_256, digest());
  }

  /// A copy of the digest.
  public byte[] digest() {
    if (other != null) {
      return other.digest();
    }
    byte[] bytes = new byte[DIGEST_BYTES];
    writeDigest(bytes, 0);
    return bytes;
  }

  /// Bytes of the encoding, at most [#BYTES_MAX].
  public int size() {
    int hash = other != null ? other.size() : 2 + DIGEST_BYTES;
    return version == 0 ? hash : 1 + Varint.sizeOf(codec) + hash;
  }

  public byte[] encode() {
    byte[] bytes = new byte[size()];
    write(bytes, 0);
    return bytes;
  }

  /// Writes the encoding at `offset` and returns the offset after it.
  public int write(byte[] target, int offset) {
    int at = offset;
    if (version == 1) {
      target[at++] = 1;
      at = Varint.write(codec, target, at);
    }
    if (other != null) {
      return other.write(target, at);
    }
    target[at++] = (byte) Multihash.SHA2_256;
    target[at++] = DIGEST_BYTES;
    writeDigest(target, at);
    return at + DIGEST_BYTES;
  }

  private void writeDigest(byte[] target, int offset) {
    LONGS.set(target, offset, a);
    LONGS.set(target, offset + 8, b);
    LONGS.set(target, offset + 16, c);
    LONGS.set(target, offset + 24, d);
  }

  @Override
  public boolean equals(Object object) {
    return object instanceof Cid that
        && a == that.a
        && b == that.b
        && c == that.c
        && d == that.d
        && codec == that.codec
        && version == that.version
        && Objects.equals(other, that.other);
  }

  @Override
  public int hashCode() {
    if (other != null) {
      return 31 * other.hashCode() + Long.hashCode(codec);
    }
    // All of the digest, so that keys that agree in one word still spread.
    return Long.hashCode(a + 31 * b + 961 * c + 29791 * d + codec);
  }

  /// Orders by version, codec and then the bytes of the multihash, unsigned.
  @Override
  public int compareTo(Cid that) {
    int order = Integer.compare(version, that.version);
    if (order == 0) {
      order = Long.compare(codec, that.codec);
    }
    if (order != 0) {
      return order;
    }
    if (other != null || that.other != null) {
      return Arrays.compareUnsigned(multihash().encode(), that.multihash().encode());
    }
    order = Long.compareUnsigned(a, that.a);
    order = order != 0 ? order : Long.compareUnsigned(b, that.b);
    order = order != 0 ? order : Long.compareUnsigned(c, that.c);
    return order != 0 ? order : Long.compareUnsigned(d, that.d);
  }

  /// Base32 behind `b` for version 1, base58btc for version 0.
  @Override
  public String toString() {
    return version == 0 ? Base58.encode(encode()) : Multibase.encode('b', encode());
  }
}
