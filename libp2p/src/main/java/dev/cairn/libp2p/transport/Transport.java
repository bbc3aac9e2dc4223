package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.time.Duration;

/// A way to carry bytes between hosts, such as TCP.
public interface Transport {

  /// Whether this transport can dial the address, or listen on it. A `/p2p/...` at its end does not
  /// matter.
  boolean handles(Multiaddr address);

  /// @param timeout the longest to wait for the other side, above zero
  /// @throws java.net.SocketTimeoutException when the time is over
  Link dial(Multiaddr address, Duration timeout) throws IOException;

  /// @param address port 0 lets the system choose one
  Listener listen(Multiaddr address) throws IOException;
}
