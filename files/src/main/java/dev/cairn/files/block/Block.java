package dev.cairn.files.block;

import dev.cairn.crypto.Sha256;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;

/// Content with the CID that names it. The bytes are never changed while anybody has this, and are
/// handed out without a copy: whoever takes them only reads them. (Whoever made it may use the
/// array again, as [BlockSink#put] says.)
public final class Block {

  /// The longest block that is made, taken or kept, in bytes: what Bitswap's peers accept.
  public static final int BYTES_MAX = 2 << 20;

  private final Cid cid;
  private final byte[] bytes;

  private Block(Cid cid, byte[] bytes) {
    if (bytes.length > BYTES_MAX) {
      throw new MalformedException(
          "a block of " + bytes.length + " bytes is over the limit of " + BYTES_MAX);
    }
    this.cid = cid;
    this.bytes = bytes;
  }

  /// New content, named by its sha2-256 as a CIDv1.
  ///
  /// @param codec in the multicodec table, such as [Cid#RAW]
  public static Block of(long codec, byte[] bytes) {
    return new Block(Cid.hash(codec, bytes), bytes);
  }

  /// Content from somebody else.
  ///
  /// @throws MalformedException when it is not what the CID names, too long, or named by a hash
  ///   that is not known here
  public static Block verify(Cid cid, byte[] bytes) {
    if (bytes.length > BYTES_MAX || !matches(cid, bytes)) {
      throw new MalformedException(bytes.length + " bytes are not the block " + cid);
    }
    return new Block(cid, bytes);
  }

  /// Content whose hash was checked before, such as when it was stored.
  public static Block trusted(Cid cid, byte[] bytes) {
    return new Block(cid, bytes);
  }

  /// The content of a CID that holds it itself (an identity hash); empty for any other.
  public static Optional<Block> inline(Cid cid) {
    if (cid.isSha256() || cid.multihash().code() != Multihash.IDENTITY) {
      return Optional.empty();
    }
    return Optional.of(new Block(cid, cid.digest()));
  }

  private static boolean matches(Cid cid, byte[] bytes) {
    if (cid.isSha256()) {
      return MessageDigest.isEqual(cid.digest(), Sha256.digest(bytes));
    }
    Multihash hash = cid.multihash();
    byte[] digest = hash.digest();
    if (hash.code() == Multihash.IDENTITY) {
      return Arrays.equals(digest, bytes);
    }
    if (hash.code() == Multihash.SHA2_512) {
      return Arrays.equals(digest, sha512(bytes));
    }
    throw new MalformedException(
        cid + " has a hash that is not known here: 0x" + Long.toHexString(hash.code()));
  }

  private static byte[] sha512(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-512").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-512", e);
    }
  }

  public Cid cid() {
    return cid;
  }

  /// The content itself, not a copy.
  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return cid + " (" + bytes.length + " bytes)";
  }
}
