package dev.cairn.core.sync;

/// What syncing asks to be done.
public sealed interface SyncEffect {

  record Request(long requestId, String peer, RangeRequest range) implements SyncEffect {}

  record RequestHeaders(long requestId, String peer, HeadersRequest headers)
      implements SyncEffect {}

  /// The child of the newest final block, verified and final: to be executed and committed, then
  /// answered by [SyncInput.Advanced], or by [SyncInput.Refused] where no certificate vouches for
  /// it.
  record Deliver(BlockMessage message) implements SyncEffect {}

  /// The peer lied, or withheld what it claimed to have.
  record Penalize(String peer, String reason) implements SyncEffect {}
}
