package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;

/// A place where other hosts can dial us.
public interface Listener extends AutoCloseable {

  /// Where it really listens: the port is the one that the system chose when 0 was asked for.
  Multiaddr address();

  /// Waits for the next host that dials.
  ///
  /// @throws IOException when the listener is closed, or the system has no more descriptors
  Link accept() throws IOException;

  /// Stops listening and wakes [#accept()]. Safe to call twice.
  @Override
  void close();
}
