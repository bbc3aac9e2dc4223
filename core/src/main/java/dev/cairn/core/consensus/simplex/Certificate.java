package dev.cairn.core.consensus.simplex;

import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import org.apache.tuweni.bytes.Bytes;

/// The votes of a quorum for one statement: `[statement, signers, signatures]` (spec/consensus.md,
/// "Certificates").
///
/// @param signers one bit for each validator of the epoch's set: validator i is bit i mod 8,
///   counted from the least significant, of byte i / 8
/// @param signatures the signers' signatures, 64 bytes each, in ascending order of their index
public record Certificate(Statement statement, Bytes signers, Bytes signatures) implements Message {

  private static final int SIGNERS_BYTES_MAX = (ValidatorSet.SIZE_MAX + 7) / 8;
  private static final int SIGNATURES_BYTES_MAX = ValidatorSet.SIZE_MAX * Vote.SIGNATURE_BYTES;

  /// The kind of a vote's signature (see [SigningDomain]).
  public static final String VOTE = "vote";

  @Override
  public long epoch() {
    return statement.epoch();
  }

  @Override
  public long slot() {
    return statement.slot();
  }

  boolean signed(int validator) {
    return validator / 8 < signers.size()
        && (signers.get(validator / 8) >>> (validator % 8) & 1) != 0;
  }

  /// Whether validators with a quorum of the set's stake signed the statement. Stake is counted
  /// before any signature is checked, and every signature must be good.
  public boolean verify(ValidatorSet set, SigningDomain domain, SignatureCheck check) {
    if (signers.size() != (set.size() + 7) / 8 || stake(set) < set.quorum()) {
      return false;
    }
    byte[] message = domain.message(VOTE, Slice.of(statement.encode()));
    int at = 0;
    for (int i = 0; i < 8 * signers.size(); i++) {
      if (signed(i)) {
        if (i >= set.size() || at == signatures.size()) {
          return false;
        }
        byte[] signature = signatures.slice(at, Vote.SIGNATURE_BYTES).toArray();
        if (!check.verify(set.key(i), message, signature)) {
          return false;
        }
        at += Vote.SIGNATURE_BYTES;
      }
    }
    return at == signatures.size();
  }

  private long stake(ValidatorSet set) {
    long stake = 0;
    for (int i = 0; i < set.size(); i++) {
      stake += signed(i) ? set.stake(i) : 0;
    }
    return stake;
  }

  @Override
  public byte[] encode() {
    CborWriter writer = new CborWriter(128 + signatures.size()).array(3).raw(statement.encode());
    return writer.bytes(signers.toArrayUnsafe()).bytes(signatures.toArrayUnsafe()).toBytes();
  }

  /// @throws MalformedException when the bytes are not exactly one certificate
  public static Certificate decode(byte[] encoded) {
    CborReader reader = new CborReader(encoded);
    reader.array(3);
    Statement statement = Statement.read(reader);
    Bytes signers = Bytes.wrap(reader.bytes(SIGNERS_BYTES_MAX));
    Bytes signatures = Bytes.wrap(reader.bytes(SIGNATURES_BYTES_MAX));
    reader.end();
    if (signatures.size() % Vote.SIGNATURE_BYTES != 0) {
      throw new MalformedException("signatures of " + signatures.size() + " bytes");
    }
    return new Certificate(statement, signers, signatures);
  }
}
