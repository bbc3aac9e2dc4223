package dev.cairn.core.chainspec;

import dev.cairn.core.staking.StakingParams;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The consensus engine of a chain and what it needs to know.
public sealed interface EngineParams permits SimplexParams, PowParams, ExtensionParams {

  /// The engine's name in a chain spec.
  String name();

  /// Who may make blocks at first, ascending by key; put into the genesis state. Empty for an
  /// engine that has no validators.
  List<ValidatorEntry> validators();

  /// How validators come and go; empty when they never do.
  default Optional<StakingParams> staking() {
    return Optional.empty();
  }

  /// Whether the ledger asks that each block's time is above its parent's; otherwise the engine
  /// alone decides what times are good.
  default boolean timesRise() {
    return true;
  }

  /// Whether a certificate makes a block final, and is kept beside it.
  default boolean certified() {
    return true;
  }

  /// The genesis header's consensus tuple.
  Bytes genesisConsensus();

  /// Writes the engine's part of the canonical encoding: an array that starts with the name.
  void write(CborWriter writer);
}
