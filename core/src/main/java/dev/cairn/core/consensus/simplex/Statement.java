package dev.cairn.core.consensus.simplex;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;

/// What a vote says: `[kind, epoch, slot, block or null]`, the item that its signature covers
/// (spec/consensus.md, "Votes").
public sealed interface Statement {

  int NOTARIZE = 0;
  int SKIP = 1;
  int FINALIZE = 2;

  long epoch();

  long slot();

  /// The block is valid and extends a notarized one, and the slots between are skipped.
  record Notarize(long epoch, long slot, Cid block) implements Statement {}

  /// This validator will not finalize anything in this slot.
  record Skip(long epoch, long slot) implements Statement {}

  /// A quorum notarized the block, and this validator did not and will not skip the slot.
  record Finalize(long epoch, long slot, Cid block) implements Statement {}

  default byte[] encode() {
    CborWriter writer = new CborWriter(64).array(4);
    switch (this) {
      case Notarize n -> writer.uint(NOTARIZE).uint(n.epoch).uint(n.slot).link(n.block);
      case Skip s -> writer.uint(SKIP).uint(s.epoch).uint(s.slot).nul();
      case Finalize f -> writer.uint(FINALIZE).uint(f.epoch).uint(f.slot).link(f.block);
    }
    return writer.toBytes();
  }

  /// Reads the next item of `reader`.
  ///
  /// @throws MalformedException when it is not a statement
  static Statement read(CborReader reader) {
    reader.array(4);
    long kind = reader.uint(FINALIZE);
    long epoch = reader.uint();
    long slot = reader.uint();
    if (slot == 0) {
      throw new MalformedException("slots start at 1");
    }
    if (kind == SKIP) {
      if (!reader.tryNull()) {
        throw new MalformedException("a skip names no block");
      }
      return new Skip(epoch, slot);
    }
    Cid block = reader.link();
    return kind == NOTARIZE ? new Notarize(epoch, slot, block) : new Finalize(epoch, slot, block);
  }
}
