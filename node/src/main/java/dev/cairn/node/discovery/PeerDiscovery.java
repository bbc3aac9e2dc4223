package dev.cairn.node.discovery;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerEvent;
import dev.cairn.libp2p.host.PeerEvents;
import dev.cairn.libp2p.host.PeerInfo;
import dev.cairn.libp2p.mdns.DiscoveredPeer;
import dev.cairn.libp2p.mdns.Discoveries;
import dev.cairn.libp2p.mdns.Mdns;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.machine.Driver;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Finds peers and stays connected to enough of them: the network, the disk and the clock around a
/// [Discovery].
public final class PeerDiscovery implements AutoCloseable {

  private static final int MAILBOX_MAX = 1_024;
  private static final String TAG = "discovery";
  private static final Logger LOG = System.getLogger(PeerDiscovery.class.getName());

  private final Host host;
  private final Clock clock;
  private final String chain;
  private final Optional<Mdns> mdns;
  private final PeerWalk walk;
  private final PeerCache cache;
  private final Discovery machine;
  private final Driver<DiscoveryInput, DiscoveryEffect> driver;
  private final PeerExchange exchange;
  private final NamedDialer named;
  private final boolean exchanging;
  private final AtomicBoolean walking = new AtomicBoolean();
  private volatile DiscoveryView view;
  private volatile Optional<Thread> walker = Optional.empty();
  private Optional<PeerEvents> events = Optional.empty();
  private Optional<Discoveries> local = Optional.empty();

  /// What discovery works with.
  ///
  /// @param chain the chain's short name
  public record Parts(Host host, String chain, Clock clock, SecureRandom random) {}

  /// What the operator has said.
  ///
  /// @param file where the peers met are kept
  /// @param named peers to stay connected to
  /// @param dns the server to ask for names; empty for the system's
  /// @param exchange whether to ask peers for others, and to answer them
  public record Choices(
      Path file,
      List<Multiaddr> named,
      Optional<InetSocketAddress> dns,
      boolean exchange,
      DiscoveryParams params) {
    public Choices {
      named = List.copyOf(named);
    }
  }

  private PeerDiscovery(
      Parts parts,
      Choices choices,
      Optional<Mdns> mdns,
      PeerWalk walk,
      Consumer<Throwable> onFailure) {
    this.host = parts.host();
    this.clock = parts.clock();
    this.chain = parts.chain();
    this.mdns = mdns;
    this.walk = walk;
    this.exchanging = choices.exchange();
    this.cache = new PeerCache(choices.file());
    this.view = DiscoveryView.nothing(choices.params().outbound());
    this.exchange = new PeerExchange(host, chain, clock, parts.random());
    this.named =
        new NamedDialer(
            host,
            choices.named(),
            new AddressResolver(choices.dns().map(Dns::at).orElseGet(Dns::system)));
    this.machine =
        new Discovery(
            host.id(),
            choices.params(),
            cache.load(clock, parts.random()),
            choices.named().size(),
            parts.random().nextLong());
    this.driver =
        new Driver<>(
            machine,
            effects -> effects.forEach(this::perform),
            clock,
            MAILBOX_MAX,
            Thread.ofVirtual().name("discovery").factory(),
            onFailure);
  }

  /// Starts to find peers.
  ///
  /// @param mdns closed with this; empty where there is none
  /// @param onFailure told when the machine broke; the node must stop
  public static PeerDiscovery start(
      Parts parts,
      Choices choices,
      Optional<Mdns> mdns,
      PeerWalk walk,
      Consumer<Throwable> onFailure) {
    PeerDiscovery discovery = new PeerDiscovery(parts, choices, mdns, walk, onFailure);
    discovery.run();
    return discovery;
  }

  private void run() {
    if (exchanging) {
      exchange.serve(() -> view.shareable());
    }
    driver.submit(new DiscoveryInput.Started());
    driver.start();
    PeerEvents subscription = host.events();
    events = Optional.of(subscription);
    Thread.ofVirtual().name("discovery peers").start(() -> watch(subscription));
    local = mdns.map(Mdns::subscribe);
    local.ifPresent(l -> Thread.ofVirtual().name("local peers").start(() -> listen(l)));
  }

  private void watch(PeerEvents subscription) {
    try {
      Optional<PeerEvent> event = subscription.take();
      while (event.isPresent()) {
        driver.submit(input(event.get()));
        event = subscription.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private DiscoveryInput input(PeerEvent event) {
    PeerId peer = event.peer();
    Optional<PeerInfo> info = host.info(peer);
    return switch (event) {
      case PeerEvent.Disconnected gone -> new DiscoveryInput.Gone(peer);
      case PeerEvent.Connected up when info.isPresent() ->
          new DiscoveryInput.Up(
              peer,
              up.outbound(),
              info.get().remote(),
              self(info.get()),
              ours(up.protocols()),
              exchanges(up.protocols()));
      case PeerEvent.Connected up -> new DiscoveryInput.DialFailed(peer);
      case PeerEvent.ProtocolsChanged told ->
          new DiscoveryInput.Changed(
              peer,
              info.map(this::self).orElseGet(() -> Told.unsigned(peer, List.of())),
              ours(told.protocols()),
              exchanges(told.protocols()));
    };
  }

  private boolean ours(List<String> protocols) {
    return protocols.contains(PeerExchange.protocol(chain))
        || protocols.contains("/cairn/" + chain + "/sync/1");
  }

  private boolean exchanges(List<String> protocols) {
    return exchanging && protocols.contains(PeerExchange.protocol(chain));
  }

  /// What a connected peer says of itself, signed if it can be.
  private Told self(PeerInfo info) {
    Optional<byte[]> envelope = host.peerstore().record(info.peer());
    if (envelope.isPresent()) {
      try {
        return Told.open(envelope.get());
      } catch (MalformedException e) {
        LOG.log(Level.DEBUG, () -> "record of " + info.peer() + ": " + e.getMessage());
      }
    }
    return Told.unsigned(info.peer(), info.addresses());
  }

  private void listen(Discoveries found) {
    try {
      Optional<DiscoveredPeer> next = found.take();
      while (next.isPresent()) {
        DiscoveredPeer peer = next.get();
        driver.offer(
            new DiscoveryInput.Found(
                Source.LOCAL,
                Optional.empty(),
                List.of(Told.unsigned(peer.peer(), peer.addresses()))));
        next = found.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Never blocks for the network: whatever may wait has a virtual thread of its own.
  private void perform(DiscoveryEffect effect) {
    switch (effect) {
      case DiscoveryEffect.Dial dial ->
          Thread.ofVirtual().name("dial " + dial.peer()).start(() -> dial(dial));
      case DiscoveryEffect.DialNamed(int index) ->
          Thread.ofVirtual().name("dial named").start(() -> named.dial(index, driver::submit));
      case DiscoveryEffect.Disconnect(PeerId peer, String reason) -> {
        LOG.log(Level.DEBUG, () -> "letting " + peer + " go: " + reason);
        Thread.ofVirtual().start(() -> host.disconnect(peer, reason));
      }
      case DiscoveryEffect.Protect(PeerId peer) -> host.protect(peer, TAG);
      case DiscoveryEffect.Unprotect(PeerId peer) -> host.unprotect(peer, TAG);
      case DiscoveryEffect.Ask(PeerId peer) -> exchange.ask(peer, driver::submit);
      case DiscoveryEffect.Walk walkNow -> walk();
      case DiscoveryEffect.Save save -> cache.save(machine.saved());
      case DiscoveryEffect.Changed changed -> view = machine.view(clock.now());
    }
  }

  private void dial(DiscoveryEffect.Dial dial) {
    try {
      host.connect(dial.peer(), dial.addresses());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "cannot reach " + dial.peer() + ": " + e.getMessage());
      driver.submit(new DiscoveryInput.DialFailed(dial.peer()));
    }
  }

  /// One walk at a time.
  private void walk() {
    if (walking.getAndSet(true)) {
      return;
    }
    walker =
        Optional.of(
            Thread.ofVirtual()
                .name("walk")
                .start(
                    () -> {
                      try {
                        List<Told> found = walk.walk();
                        driver.submit(
                            new DiscoveryInput.Found(Source.DHT, Optional.empty(), found));
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      } finally {
                        walking.set(false);
                      }
                    }));
  }

  public DiscoveryView view() {
    return view;
  }

  public DiscoveryMetrics metrics() {
    return new DiscoveryMetrics(
        view, exchange.answered(), exchange.refused(), exchange.forged(), driver.dropped());
  }

  /// Stops, and keeps what is known: closed before the host, so that the peers of this moment are
  /// the next run's anchors.
  @Override
  public void close() {
    exchange.close();
    events.ifPresent(PeerEvents::close);
    local.ifPresent(Discoveries::close);
    mdns.ifPresent(Mdns::close);
    walker.ifPresent(Thread::interrupt);
    driver.close();
    cache.save(machine.saved());
  }
}
