package dev.cairn.core.ledger;

/// Limits of a ledger.
///
/// @param overlaysMax blocks that are executed and not final
/// @param overlayBytesMax bytes of their headers and bodies
/// @param pagesInMemoryMax pages of the state tree, about 4 KB each, before it lets go of them
public record LedgerParams(int overlaysMax, long overlayBytesMax, long pagesInMemoryMax) {

  public static LedgerParams defaults() {
    return new LedgerParams(1024, 64L << 20, 12_288);
  }
}
