package dev.cairn.files.exchange;

import dev.cairn.multiformats.Cid;
import java.util.function.Consumer;

/// Finds peers that have a block, such as the DHT.
@FunctionalInterface
public interface ProviderSource {

  /// Knows nobody: only connected peers are asked.
  ProviderSource NONE =
      (cid, found, onEnd) -> {
        onEnd.run();
        return () -> {};
      };

  /// Begins to look and returns at once. `found` is called from any thread, for each provider as it
  /// turns up, until the search is closed or has nothing more; it does not block.
  ///
  /// @param onEnd called once, from any thread, when nothing more will be found
  Search find(Cid cid, Consumer<ProviderPeer> found, Runnable onEnd);

  /// A search under way.
  @FunctionalInterface
  interface Search extends AutoCloseable {

    /// Stops looking. Safe to call twice, and after the end.
    @Override
    void close();
  }
}
