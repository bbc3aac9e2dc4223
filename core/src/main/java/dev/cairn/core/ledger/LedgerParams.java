package dev.cairn.core.ledger;

import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.ExtensionParams;
import dev.cairn.core.chainspec.PowParams;
import dev.cairn.core.chainspec.SimplexParams;

/// Limits of a ledger.
///
/// @param overlaysMax blocks that are executed and not final
/// @param overlayBytesMax bytes of their headers and bodies
/// @param pagesInMemoryMax pages of the state tree, about 4 KB each, before it lets go of them
public record LedgerParams(int overlaysMax, long overlayBytesMax, long pagesInMemoryMax) {

  /// The limits for a chain: with proof of work, two branches and some more are executed at once.
  public static LedgerParams of(ChainSpec spec) {
    LedgerParams standard = defaults();
    return switch (spec.engine()) {
      case SimplexParams _, ExtensionParams _ -> standard;
      case PowParams _ ->
          new LedgerParams(
              standard.overlaysMax(),
              Math.max(standard.overlayBytesMax(), 3 * PowParams.OPEN_BYTES_MAX),
              standard.pagesInMemoryMax());
    };
  }

  public static LedgerParams defaults() {
    return new LedgerParams(1024, 64L << 20, 12_288);
  }
}
