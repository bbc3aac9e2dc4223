package dev.cairn.core.staking;

import dev.cairn.core.transaction.Payload;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborWriter;
import org.apache.tuweni.bytes.Bytes;

/// Takes stake of one of the sender's validators back, all of it or down to the least that a
/// validator has: `[5, key, amount]`. It is paid after the unbonding time.
///
/// @param key the validator's public key, 32 bytes
/// @param amount base units, at least 1
public record Unstake(Bytes key, long amount) implements Payload {

  public static final int TAG = 5;

  public Unstake {
    if (amount < 1) {
      throw new MalformedException("an unstaking is at least 1 base unit, not " + amount);
    }
  }

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public void write(CborWriter writer) {
    writer.array(3).uint(TAG).bytes(key.toArrayUnsafe()).uint(amount);
  }
}
