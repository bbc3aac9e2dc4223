package dev.cairn.core.ledger;

import dev.cairn.core.block.Block;
import org.apache.tuweni.bytes.Bytes;

/// A final block as it lies in the store.
///
/// @param certificate the engine's proof that it is final, or nothing when a later block's proof
///   covers it, and for the genesis block
public record StoredBlock(Bytes header, Bytes body, Bytes certificate) {

  /// @throws dev.cairn.multiformats.MalformedException when the store holds something else
  public Block decode() {
    return Block.decode(header.toArrayUnsafe(), body.toArrayUnsafe());
  }
}
