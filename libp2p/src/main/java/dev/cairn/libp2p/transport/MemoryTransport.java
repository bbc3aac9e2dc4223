package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Multiaddr.Component;
import dev.cairn.multiformats.Protocol;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// Links within one process, `/memory/N`: for tests and simulations.
public final class MemoryTransport implements Transport {

  private final MemoryNetwork network;

  /// @param network shared by the hosts that are to reach each other
  public MemoryTransport(MemoryNetwork network) {
    this.network = network;
  }

  @Override
  public boolean handles(Multiaddr address) {
    List<Component> parts = address.components();
    return parts.getFirst().protocol() == Protocol.MEMORY
        && (parts.size() == 1 || (parts.size() == 2 && parts.get(1).protocol() == Protocol.P2P));
  }

  @Override
  public Link dial(Multiaddr address, Duration timeout) throws IOException {
    return network.dial(address);
  }

  @Override
  public Listener listen(Multiaddr address) throws IOException {
    return network.listen(address);
  }
}
