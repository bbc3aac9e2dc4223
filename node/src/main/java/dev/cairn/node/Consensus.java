package dev.cairn.node;

import dev.cairn.core.block.Header;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.ExtensionParams;
import dev.cairn.core.chainspec.PowParams;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.EngineParts;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.consensus.pow.PowEngine;
import dev.cairn.core.consensus.pow.PowRules;
import dev.cairn.core.consensus.pow.PowSeals;
import dev.cairn.core.consensus.simplex.CertificateVerifier;
import dev.cairn.core.consensus.simplex.Signer;
import dev.cairn.core.consensus.simplex.SimplexEngine;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.SimplexTiming;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.node.config.NodeConfig;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/// The chain's engine with this node's part in it, and what verifies the chain without it.
record Consensus(Engine engine, SealVerifier seals) {

  /// @param validatorKey the key to vote with; empty for a node that does not
  /// @throws NodeException when the node's part is none that the chain's engine has
  static Consensus of(
      ChainSpec spec, ChainStore store, NodeConfig config, Optional<Ed25519Key> validatorKey) {
    return switch (spec.engine()) {
      case SimplexParams _ -> simplex(spec, store, config, validatorKey);
      case PowParams _ -> pow(spec, store, config, validatorKey);
      case ExtensionParams params -> {
        requireNoMiner(config, params.name());
        try {
          EngineParts parts = params.engine(spec, store, validatorKey);
          yield new Consensus(parts.engine(), parts.seals());
        } catch (IllegalArgumentException e) {
          throw new NodeException(String.valueOf(e.getMessage()));
        }
      }
    };
  }

  private static void requireNoMiner(NodeConfig config, String engine) {
    if (config.miner().isPresent()) {
      throw new NodeException(
          "this chain is not mined (engine " + engine + "); start without mine");
    }
  }

  private static Consensus simplex(
      ChainSpec spec, ChainStore store, NodeConfig config, Optional<Ed25519Key> validatorKey) {
    requireNoMiner(config, SimplexParams.NAME);
    SimplexRules rules = SimplexRules.of(spec, store);
    Engine engine =
        validatorKey
            .<Engine>map(
                key -> SimplexEngine.silentValidator(rules, SimplexTiming.STANDARD, Signer.of(key)))
            .orElseGet(() -> SimplexEngine.observer(rules, SimplexTiming.STANDARD));
    return new Consensus(engine, new CertificateVerifier(rules));
  }

  private static Consensus pow(
      ChainSpec spec, ChainStore store, NodeConfig config, Optional<Ed25519Key> validatorKey) {
    if (validatorKey.isPresent()) {
      throw new NodeException(
          "this chain has no validators: its blocks are mined (engine pow); start without"
              + " validator_key");
    }
    PowRules rules = PowRules.of(spec);
    LongUnaryOperator times = height -> timeAt(store, height);
    Engine engine =
        config
            .miner()
            .map(m -> PowEngine.miner(rules, times, m.account()))
            .orElseGet(() -> PowEngine.observer(rules, times));
    return new Consensus(engine, new PowSeals(rules, times));
  }

  /// The header time of the final block at a height.
  private static long timeAt(ChainStore store, long height) {
    return store
        .blockAt(height)
        .flatMap(store::block)
        .map(block -> Header.decode(block.header().toArrayUnsafe()).time())
        .orElseThrow();
  }
}
