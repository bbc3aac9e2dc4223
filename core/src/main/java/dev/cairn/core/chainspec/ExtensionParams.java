package dev.cairn.core.chainspec;

import dev.cairn.core.consensus.EngineParts;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.crypto.Ed25519Key;
import java.util.Map;
import java.util.Optional;

/// The parameters of an engine that is not part of this program: whoever brings one implements
/// this, and a [dev.cairn.core.consensus.EngineProvider] that reads it.
public non-sealed interface ExtensionParams extends EngineParams {

  /// What stands in a chain spec's table `[engine]` beside the name: each a Long, a String, or a
  /// List of String, in the order in which they are written. The provider reads the same from it.
  Map<String, Object> settings();

  /// Makes the engine of one node.
  ///
  /// @param store the final chain
  /// @param key the key that the node makes blocks or votes with; empty for a node that follows
  /// @throws IllegalArgumentException when the node's part is none that this engine has: with a
  ///   sentence for its operator
  EngineParts engine(ChainSpec spec, ChainStore store, Optional<Ed25519Key> key);
}
