package dev.cairn.core.transaction;

import dev.cairn.multiformats.cbor.CborWriter;

/// What a transaction does: `[tag, ...]`. Each kind is a record of its own, read and applied by the
/// [TransactionHandler] of its tag. Tags under 64 belong to the protocol.
public interface Payload {

  /// The first element of the payload, 0 to [TransactionHandler#TAG_MAX].
  int tag();

  /// Writes the whole payload, tag included.
  void write(CborWriter writer);

  /// Base units that it takes from the sender besides the fee.
  default long spends() {
    return 0;
  }
}
