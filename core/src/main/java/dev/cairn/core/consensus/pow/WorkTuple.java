package dev.cairn.core.consensus.pow;

import dev.cairn.core.Address;
import dev.cairn.core.Target;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import org.apache.tuweni.bytes.Bytes;

/// The consensus tuple of a header: `[target, miner]`, the target in its compact form.
///
/// @param miner who is paid the block's fees
record WorkTuple(Target target, Address miner) {

  Bytes encode() {
    CborWriter writer = new CborWriter().array(2).uint(target.compact());
    return Bytes.wrap(writer.bytes(miner.publicKey()).toBytes());
  }

  /// @throws MalformedException when it is anything else
  static WorkTuple decode(Bytes encoded) {
    CborReader reader = new CborReader(encoded.toArrayUnsafe());
    reader.array(2);
    Target target = Target.ofCompact(reader.uint());
    Address miner = Address.of(reader.bytesOf(Address.BYTES));
    reader.end();
    return new WorkTuple(target, miner);
  }
}
