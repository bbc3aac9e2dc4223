package dev.cairn.core.consensus;

import dev.cairn.core.chainspec.ExtensionParams;
import dev.cairn.core.chainspec.SpecTable;

/// Reads what a chain spec says of an engine that this program does not bring itself. Found by
/// [java.util.ServiceLoader]; the sample is `AuthorityProvider` in
/// `core/src/test/java/dev/cairn/core/consensus/authority`.
public interface EngineProvider {

  /// The engine's name in a chain spec: `engine.name`.
  String name();

  /// Reads the table `[engine]`, whose name has been read. Keys that are not read are refused.
  ///
  /// @throws dev.cairn.core.chainspec.ChainSpecException when something is missing or wrong
  ExtensionParams read(SpecTable table);
}
