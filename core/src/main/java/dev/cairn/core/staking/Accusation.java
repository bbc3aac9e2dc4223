package dev.cairn.core.staking;

import dev.cairn.core.transaction.Payload;
import dev.cairn.multiformats.cbor.CborWriter;
import org.apache.tuweni.bytes.Bytes;

/// Proves that a validator broke the rules of consensus: `[6, offender, evidence]`. It may be free
/// of fees: a validator is punished once, so that there are never more of them in blocks than
/// validators.
///
/// @param offender the validator's public key, 32 bytes
/// @param evidence the engine's, one encoded item that is well-formed by the engine's rules
public record Accusation(Bytes offender, Bytes evidence) implements Payload {

  public static final int TAG = 6;

  @Override
  public int tag() {
    return TAG;
  }

  @Override
  public void write(CborWriter writer) {
    writer.array(3).uint(TAG).bytes(offender.toArrayUnsafe()).raw(evidence.toArrayUnsafe());
  }
}
