package dev.cairn.core.consensus.simplex;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import org.apache.tuweni.bytes.Bytes;

/// One validator's vote: `[statement, voter, signature]`.
///
/// @param voter the validator's place in its epoch's [ValidatorSet], from 0; not covered by the
///   signature, which proves it
/// @param signature Ed25519 over the statement, 64 bytes
public record Vote(Statement statement, int voter, Bytes signature) implements Message {

  public static final int SIGNATURE_BYTES = 64;

  @Override
  public long epoch() {
    return statement.epoch();
  }

  @Override
  public long slot() {
    return statement.slot();
  }

  @Override
  public byte[] encode() {
    CborWriter writer = new CborWriter(160).array(3).raw(statement.encode());
    return writer.uint(voter).bytes(signature.toArrayUnsafe()).toBytes();
  }

  /// @throws MalformedException when the bytes are not exactly one vote
  public static Vote decode(byte[] encoded) {
    CborReader reader = new CborReader(encoded);
    reader.array(3);
    Statement statement = Statement.read(reader);
    int voter = (int) reader.uint(ValidatorSet.SIZE_MAX - 1);
    Bytes signature = Bytes.wrap(reader.bytesOf(SIGNATURE_BYTES));
    reader.end();
    return new Vote(statement, voter, signature);
  }
}
