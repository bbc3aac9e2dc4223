package dev.cairn.core.mempool;

/// What a mempool holds and has turned away since it was made.
///
/// @param bytes of the transactions alone
public record MempoolStats(
    int transactions,
    int senders,
    long bytes,
    long accepted,
    long ignored,
    long rejected,
    long evicted,
    long expired) {}
