package dev.cairn.core.staking;

import dev.cairn.core.Address;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// Stake that is on its way back to an account: `[account, amount, time, epoch]`.
///
/// @param amount base units, less what a punishment took
/// @param timeMillis header time before which it is not paid
/// @param epoch at whose end it is paid at the earliest: until then it can be slashed for what the
///   validator did while it was in the set
public record Unbonding(Address account, long amount, long timeMillis, long epoch) {

  /// What one validator's key has waiting, oldest first.
  ///
  /// @throws dev.cairn.multiformats.MalformedException when the bytes are something else
  public static List<Unbonding> decode(Bytes encoded) {
    CborReader reader = new CborReader(encoded.toArrayUnsafe());
    List<Unbonding> queue = new ArrayList<>();
    for (int left = reader.array(); left > 0; left--) {
      reader.array(4);
      Address account = Address.of(reader.bytesOf(Address.BYTES));
      queue.add(new Unbonding(account, reader.uint(), reader.uint(), reader.uint()));
    }
    reader.end();
    return queue;
  }

  static Bytes encode(List<Unbonding> queue) {
    CborWriter writer = new CborWriter().array(queue.size());
    for (Unbonding one : queue) {
      writer.array(4).bytes(one.account.publicKey());
      writer.uint(one.amount).uint(one.timeMillis).uint(one.epoch);
    }
    return Bytes.wrap(writer.toBytes());
  }

  boolean due(long epochThatEnds, long nowMillis) {
    return epoch <= epochThatEnds && timeMillis <= nowMillis;
  }

  Unbonding less(long cut) {
    return new Unbonding(account, amount - cut, timeMillis, epoch);
  }
}
