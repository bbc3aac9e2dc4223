package dev.cairn.core.mempool;

/// Limits of a mempool.
///
/// @param transactionsMax in all
/// @param bytesMax in all, each transaction counted with [#OVERHEAD_BYTES] for its keeping
/// @param senderTransactionsMax from one sender
/// @param noncesAheadMax a nonce is at most so many above the account's, less one
/// @param replacementPercent how much more than the old one a replacement pays
public record MempoolParams(
    int transactionsMax,
    long bytesMax,
    int senderTransactionsMax,
    int noncesAheadMax,
    int replacementPercent) {

  /// What keeping a transaction costs in memory besides its own bytes, about.
  public static final int OVERHEAD_BYTES = 512;

  public static MempoolParams defaults() {
    return new MempoolParams(50_000, 64L << 20, 64, 64, 10);
  }
}
