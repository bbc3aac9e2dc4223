package dev.cairn.files.bitswap;

import dev.cairn.crypto.Sha256;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import dev.cairn.multiformats.Varint;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// A CID without its digest: how a received block is to be hashed, and what its codec is.
///
/// @param version 0 or 1
/// @param codec in the multicodec table
/// @param hash the hash function's code in the multicodec table
/// @param digestBytes the length of the digest
record CidPrefix(int version, long codec, long hash, int digestBytes) {

  /// The prefix of blocks of Bitswap 1.0.0, which names none.
  static final CidPrefix V0 = new CidPrefix(0, Cid.DAG_PB, Multihash.SHA2_256, Cid.DIGEST_BYTES);

  /// The longest encoding, in bytes: four varints.
  static final int BYTES_MAX = 4 * Varint.BYTES_MAX;

  static CidPrefix of(Cid cid) {
    if (cid.isSha256()) {
      return new CidPrefix(cid.version(), cid.codec(), Multihash.SHA2_256, Cid.DIGEST_BYTES);
    }
    Multihash hash = cid.multihash();
    return new CidPrefix(cid.version(), cid.codec(), hash.code(), hash.digest().length);
  }

  static CidPrefix decode(byte[] encoded) {
    ByteBuffer source = ByteBuffer.wrap(encoded);
    long version = Varint.read(source);
    long codec = Varint.read(source);
    long hash = Varint.read(source);
    long digest = Varint.read(source);
    if (version > 1 || digest > Multihash.DIGEST_BYTES_MAX || source.hasRemaining()) {
      throw new MalformedException("a CID prefix of " + encoded.length + " bytes makes no CID");
    }
    return new CidPrefix((int) version, codec, hash, (int) digest);
  }

  byte[] encode() {
    byte[] target = new byte[BYTES_MAX];
    int at = Varint.write(version, target, 0);
    at = Varint.write(codec, target, at);
    at = Varint.write(hash, target, at);
    at = Varint.write(digestBytes, target, at);
    return Arrays.copyOf(target, at);
  }

  /// The key of the content.
  ///
  /// @throws MalformedException when the hash function is not known here, or gives digests of
  ///   another length
  Cid key(byte[] data) {
    if (hash == Multihash.SHA2_256 && digestBytes == Cid.DIGEST_BYTES) {
      return Cid.sha256(Cid.RAW, Sha256.digest(data));
    }
    if (hash == Multihash.SHA2_512 && digestBytes == 64) {
      return Cid.of(Cid.RAW, Multihash.of(hash, sha512(data)));
    }
    throw new MalformedException("blocks by hash 0x" + Long.toHexString(hash) + " are not known");
  }

  private static byte[] sha512(byte[] data) {
    try {
      return MessageDigest.getInstance("SHA-512").digest(data);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-512", e);
    }
  }
}
