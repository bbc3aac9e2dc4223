package dev.cairn.files.exchange;

import dev.cairn.files.bitswap.BitswapParams;
import dev.cairn.files.bitswap.TestPeers;
import dev.cairn.files.block.Blocks;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Hosts with exchanges for tests, closed together.
final class Peers implements AutoCloseable {

  /// Short enough for a test, long enough for a machine that does other things.
  static final ExchangeParams QUICK =
      ExchangeParams.STANDARD.withBitswap(
          BitswapParams.STANDARD.withPatience(Duration.ofSeconds(1), Duration.ofSeconds(2)));

  private final MemoryNetwork network = new MemoryNetwork();
  private final List<Host> hosts = new ArrayList<>();
  private final List<Exchange> exchanges = new ArrayList<>();

  Host memory(int number) throws IOException {
    return host(number, "/memory/" + (1000 + number));
  }

  Host tcp(int number) throws IOException {
    return host(number, "/ip4/127.0.0.1/tcp/0");
  }

  private Host host(int number, String address) throws IOException {
    Host host =
        new Libp2pHost(
            TestPeers.identity(number),
            HostParams.listeningOn(Multiaddr.parse(address)),
            List.of(new MemoryTransport(network), new TcpTransport()),
            new Peerstore(Clock.system()),
            Clock.system(),
            new SecureRandom());
    hosts.add(host);
    return host;
  }

  Exchange exchange(Host host, Blocks blocks) {
    return exchange(host, blocks, QUICK);
  }

  Exchange exchange(Host host, Blocks blocks, ExchangeParams params) {
    return exchange(host, blocks, params, ProviderSource.NONE);
  }

  Exchange exchange(Host host, Blocks blocks, ExchangeParams params, ProviderSource providers) {
    Exchange exchange = Exchange.start(host, blocks, providers, Clock.system(), params);
    exchanges.add(exchange);
    return exchange;
  }

  static ProviderPeer provider(Host host) {
    return new ProviderPeer(host.id(), host.addresses());
  }

  @Override
  public void close() {
    exchanges.forEach(Exchange::close);
    hosts.forEach(Host::close);
  }
}
