package dev.cairn.core.transaction;

import dev.cairn.core.Address;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborWriter;

/// Moves money: `[1, to, amount]`.
///
/// @param amount base units, 1 to 2^63-1
public record Transfer(Address to, long amount) implements Payload {

  public static final int TAG = 1;

  public Transfer {
    if (amount < 1) {
      throw new MalformedException("a transfer moves at least 1 base unit, not " + amount);
    }
  }

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public long spends() {
    return amount;
  }

  @Override
  public void write(CborWriter writer) {
    writer.array(3).uint(TAG).bytes(to.publicKey()).uint(amount);
  }
}
