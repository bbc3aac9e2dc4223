package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import org.apache.tuweni.bytes.Bytes;

/// Simplex's part of a header: `[epoch, proposer, validators, nextValidators]` (spec/consensus.md,
/// "Headers").
///
/// @param proposer the account of the validator that made the block, which is paid its fees
/// @param validators the hash of this epoch's [ValidatorSet]
/// @param nextValidators the hash of the next epoch's
public record HeaderTuple(long epoch, Address proposer, Hash validators, Hash nextValidators) {

  public Bytes encode() {
    CborWriter writer = new CborWriter().array(4).uint(epoch).bytes(proposer.publicKey());
    return Bytes.wrap(writer.bytes(validators.bytes()).bytes(nextValidators.bytes()).toBytes());
  }

  /// @throws MalformedException when the bytes are not exactly one such tuple
  public static HeaderTuple decode(Bytes encoded) {
    CborReader reader = new CborReader(encoded.toArrayUnsafe());
    reader.array(4);
    long epoch = reader.uint();
    Address proposer = Address.of(reader.bytesOf(Address.BYTES));
    Hash validators = Hash.of(reader.bytesOf(Hash.BYTES));
    Hash next = Hash.of(reader.bytesOf(Hash.BYTES));
    reader.end();
    return new HeaderTuple(epoch, proposer, validators, next);
  }
}
