package dev.cairn.core.staking;

import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateView;
import dev.cairn.core.state.StateWriter;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.BlockContext;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// What an engine needs to judge evidence, and what becomes of an offender. A key is punished once,
/// whatever it did: after that it has no vote left to misuse.
public final class Offences {

  private Offences() {}

  /// Whether the key was punished.
  public static boolean punished(StateView state, Bytes key) {
    return state.get(StateKey.punished(key)).isPresent();
  }

  /// When a key was punished.
  ///
  /// @param epoch in which it broke the rules
  /// @param height of the block that punished it
  public record Punished(long epoch, long height) {

    /// @throws dev.cairn.multiformats.MalformedException when the bytes are something else
    public static Punished decode(Bytes encoded) {
      CborReader reader = new CborReader(encoded.toArrayUnsafe());
      reader.array(2);
      Punished punished = new Punished(reader.uint(), reader.uint());
      reader.end();
      return punished;
    }

    Bytes encode() {
      return Bytes.wrap(new CborWriter().array(2).uint(epoch).uint(height).toBytes());
    }
  }

  /// The set of an epoch that the state still has, ascending by key: those of the coming epoch, the
  /// present one and the [StakingParams#EVIDENCE_EPOCHS] before it.
  public static Optional<List<ValidatorEntry>> set(StateView state, long epoch) {
    return state.get(StateKey.validatorSet(epoch)).map(ValidatorEntry::decodeSet);
  }

  /// Punishes a key for what it did as a validator of an epoch.
  public static void punish(StateWriter state, Bytes key, long epoch, BlockContext block) {
    new Stakes(state, StakingParams.of(state).orElseThrow()).punish(key, epoch, block);
  }
}
