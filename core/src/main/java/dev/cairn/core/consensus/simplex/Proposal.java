package dev.cairn.core.consensus.simplex;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import org.apache.tuweni.bytes.Bytes;

/// A leader's word for its slot: `[[epoch, slot, parentSlot, block], signature]`.
///
/// It is separate from the block, so that a block can be proposed again in a later slot: then the
/// block notarized in `parentSlot` is the block itself, else it is the block's parent.
///
/// @param slot from 1
/// @param parentSlot below `slot`; 0 is the start of the epoch
/// @param signature the slot leader's, Ed25519 over the inner array, 64 bytes
public record Proposal(long epoch, long slot, long parentSlot, Cid block, Bytes signature)
    implements Message {

  public Proposal {
    if (parentSlot < 0 || parentSlot >= slot) {
      throw new MalformedException("a proposal for slot " + slot + " upon slot " + parentSlot);
    }
  }

  /// The kind of its signature (see [dev.cairn.core.transaction.SigningDomain]).
  public static final String KIND = "proposal";

  /// The item that the signature covers.
  public static byte[] content(long epoch, long slot, long parentSlot, Cid block) {
    CborWriter writer = new CborWriter(80).array(4);
    return writer.uint(epoch).uint(slot).uint(parentSlot).link(block).toBytes();
  }

  byte[] content() {
    return content(epoch, slot, parentSlot, block);
  }

  /// Whether both say the same; the signatures may differ.
  boolean says(Proposal other) {
    return epoch == other.epoch
        && slot == other.slot
        && parentSlot == other.parentSlot
        && block.equals(other.block);
  }

  @Override
  public byte[] encode() {
    CborWriter writer = new CborWriter(160).array(2).raw(content());
    return writer.bytes(signature.toArrayUnsafe()).toBytes();
  }

  /// @throws MalformedException when the bytes are not exactly one proposal
  public static Proposal decode(byte[] encoded) {
    CborReader reader = new CborReader(encoded);
    reader.array(2);
    reader.array(4);
    long epoch = reader.uint();
    long slot = reader.uint();
    long parentSlot = reader.uint();
    Cid block = reader.link();
    Bytes signature = Bytes.wrap(reader.bytesOf(Vote.SIGNATURE_BYTES));
    reader.end();
    return new Proposal(epoch, slot, parentSlot, block, signature);
  }
}
