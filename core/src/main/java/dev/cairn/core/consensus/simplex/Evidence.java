package dev.cairn.core.consensus.simplex;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import org.apache.tuweni.bytes.Bytes;

/// Two signed messages of one validator that no honest validator signs both: `[first, second]`
/// (spec/consensus.md, "Evidence").
public record Evidence(Message first, Message second) {

  public Bytes encode() {
    CborWriter writer = new CborWriter().array(2).raw(first.encode()).raw(second.encode());
    return Bytes.wrap(writer.toBytes());
  }

  /// @throws MalformedException when the bytes are not exactly two messages; neither signatures nor
  ///   the contradiction are checked here
  public static Evidence decode(Bytes encoded) {
    CborReader reader = new CborReader(encoded.toArrayUnsafe());
    reader.array(2);
    Slice first = reader.item();
    Slice second = reader.item();
    reader.end();
    return new Evidence(Message.decode(first.copy()), Message.decode(second.copy()));
  }
}
