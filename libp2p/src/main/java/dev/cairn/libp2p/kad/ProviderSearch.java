package dev.cairn.libp2p.kad;

import java.util.Optional;

/// A search for the providers of a key: each comes as soon as it is found. One thread takes; any
/// may close.
public final class ProviderSearch implements AutoCloseable {

  private final Calls.Call call;
  private final Runnable onClose;
  private boolean ended;

  ProviderSearch(Calls.Call call, Runnable onClose) {
    this.call = call;
    this.onClose = onClose;
  }

  /// Waits for the next provider; empty once the search is over or closed.
  public Optional<PeerAddresses> take() throws InterruptedException {
    while (!ended) {
      if (call.take() instanceof KadEffect.Found(long operation, PeerAddresses provider)) {
        return Optional.of(provider);
      }
      ended = true;
    }
    return Optional.empty();
  }

  /// Ends the search; whoever waits in [#take] returns.
  @Override
  public void close() {
    onClose.run();
  }
}
