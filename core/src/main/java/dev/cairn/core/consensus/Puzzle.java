package dev.cairn.core.consensus;

import dev.cairn.core.Hash;
import dev.cairn.core.Target;
import dev.cairn.crypto.Sha256;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.OptionalLong;

/// What a miner solves: a nonce with which the hash meets the target (spec/pow.md, "Work"). The
/// hash is SHA-256(challenge || nonce), the nonce as eight bytes, big-endian. Immutable; for any
/// thread.
///
/// @param challenge stands for the header without its seal
public record Puzzle(Hash challenge, Target target) {

  /// Bytes of a nonce.
  public static final int NONCE_BYTES = Long.BYTES;

  /// Whether the nonce solves it.
  public boolean solvedBy(long nonce) {
    byte[] tail = ByteBuffer.allocate(NONCE_BYTES).putLong(nonce).array();
    return target.metBy(Hash.sha256(challenge.bytes(), tail));
  }

  /// Tries so many nonces from `first` on, wrapping around; the first that solves it.
  public OptionalLong search(long first, long count) {
    MessageDigest digest = Sha256.newDigest();
    Hash limit = target.limit();
    byte[] message = new byte[Hash.BYTES + NONCE_BYTES];
    byte[] hash = new byte[Hash.BYTES];
    challenge.write(message, 0);
    ByteBuffer tail = ByteBuffer.wrap(message);
    try {
      for (long i = 0; i < count; i++) {
        tail.putLong(Hash.BYTES, first + i);
        digest.update(message);
        digest.digest(hash, 0, hash.length);
        if (Hash.at(hash, 0).compareTo(limit) <= 0) {
          return OptionalLong.of(first + i);
        }
      }
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
    return OptionalLong.empty();
  }
}
