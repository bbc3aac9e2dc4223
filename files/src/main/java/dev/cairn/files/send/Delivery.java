package dev.cairn.files.send;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/// Fetches what was offered, from its sender, and puts it in place.
@FunctionalInterface
public interface Delivery {

  /// Blocks until all of it is there, checked. Called again after a failure, and after a restart:
  /// it goes on where it stopped.
  ///
  /// @param progress told the bytes that are here; called as often as it likes
  /// @return where it lies
  /// @throws IOException when it cannot be had now; it is tried again later
  /// @throws SendException when it never can: it is not what was offered, or cannot be kept
  Path fetch(InboxOffer offer, LongConsumer progress) throws IOException, InterruptedException;

  /// The offer is over: what was kept to go on with it is needed no more. May be called more than
  /// once, also for an offer of which nothing was fetched.
  default void over(InboxOffer offer) {}
}
