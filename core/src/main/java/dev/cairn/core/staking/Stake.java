package dev.cairn.core.staking;

import dev.cairn.core.transaction.Payload;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborWriter;
import org.apache.tuweni.bytes.Bytes;

/// Registers a validator's key for the sender's account, or adds to what it has there: `[4, key,
/// possession, amount]`.
///
/// @param key the validator's public key, 32 bytes
/// @param possession as [Possession] makes it for the sender, 64 bytes
/// @param amount base units, at least 1
public record Stake(Bytes key, Bytes possession, long amount) implements Payload {

  public static final int TAG = 4;

  public Stake {
    if (amount < 1) {
      throw new MalformedException("a stake is at least 1 base unit, not " + amount);
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
    writer.array(4).uint(TAG).bytes(key.toArrayUnsafe());
    writer.bytes(possession.toArrayUnsafe()).uint(amount);
  }
}
