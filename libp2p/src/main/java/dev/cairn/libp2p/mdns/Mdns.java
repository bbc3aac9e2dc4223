package dev.cairn.libp2p.mdns;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Finds the libp2p peers of the local network and of this computer, and is found by them (libp2p
/// discovery/mdns over RFC 6762).
///
/// Asks at the start, soon again, and then every [#QUERY_MOST]; answers everybody's questions, its
/// own among them, so that others learn of this peer when it asks. Three virtual threads: one
/// receives, one asks, one answers.
public final class Mdns implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Mdns.class.getName());

  /// A record is sent at most once a second (RFC 6762, section 6), whatever is asked.
  static final Duration ANSWER_INTERVAL = Duration.ofSeconds(1);

  static final Duration QUERY_FIRST = Duration.ofSeconds(1);
  static final Duration QUERY_MOST = Duration.ofSeconds(20);

  /// Datagrams looked at in a second; the rest of a flood is dropped unread.
  static final int DATAGRAMS_PER_SECOND_MAX = 200;

  private static final int NAME_CHARS = 40;
  private static final String NAME_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final PeerId self;
  private final Supplier<List<Multiaddr>> addresses;
  private final String name;
  private final MulticastLink link;
  private final RateWindow rate;
  private final List<Discoveries> subscriptions = new CopyOnWriteArrayList<>();
  private final Semaphore asked = new Semaphore(0);
  private final List<Thread> threads;

  /// Starts at once.
  ///
  /// @param addresses where this peer listens, asked before each answer
  /// @param random for this peer's name, which says nothing about it
  /// @throws IOException when the multicast port cannot be shared
  public Mdns(PeerId self, Supplier<List<Multiaddr>> addresses, Clock clock, RandomGenerator random)
      throws IOException {
    this(self, addresses, clock, random, MulticastLink.GROUP);
  }

  Mdns(
      PeerId self,
      Supplier<List<Multiaddr>> addresses,
      Clock clock,
      RandomGenerator random,
      InetSocketAddress group)
      throws IOException {
    this.self = self;
    this.addresses = addresses;
    this.name = name(random);
    this.rate = new RateWindow(DATAGRAMS_PER_SECOND_MAX, clock);
    this.link = new MulticastLink(group);
    link.interfaces();
    this.threads =
        List.of(
            Thread.ofVirtual().name("mdns-receive").start(this::receive),
            Thread.ofVirtual().name("mdns-ask").start(this::ask),
            Thread.ofVirtual().name("mdns-answer").start(this::answer));
  }

  private static String name(RandomGenerator random) {
    StringBuilder name = new StringBuilder(NAME_CHARS);
    for (int i = 0; i < NAME_CHARS; i++) {
      name.append(NAME_ALPHABET.charAt(random.nextInt(NAME_ALPHABET.length())));
    }
    return name.toString();
  }

  /// The peers that are found from now on, never this one.
  public Discoveries subscribe() {
    Discoveries discoveries = new Discoveries(subscriptions::remove);
    subscriptions.add(discoveries);
    return discoveries;
  }

  private void receive() {
    byte[] buffer = new byte[DnsMessage.MESSAGE_BYTES_MAX];
    while (!link.closed()) {
      try {
        int length = link.receive(buffer);
        if (rate.admits()) {
          take(DnsMessage.decode(buffer, length));
        }
      } catch (MalformedException e) {
        LOG.log(Level.DEBUG, "dropped a datagram: {0}", e.getMessage());
      } catch (IOException e) {
        if (!link.closed()) {
          LOG.log(Level.DEBUG, "cannot receive: {0}", e.getMessage());
          pause();
        }
      }
    }
  }

  /// After a receive that failed, so that a socket in trouble does not make the loop spin.
  private static void pause() {
    try {
      Thread.sleep(ANSWER_INTERVAL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(DnsMessage message) {
    if (PeerRecords.asksForPeers(message, name)) {
      asked.release();
    }
    if (PeerRecords.asksForServices(message)) {
      send(PeerRecords.services());
    }
    for (DiscoveredPeer peer : PeerRecords.peers(message)) {
      if (!peer.peer().equals(self)) {
        subscriptions.forEach(subscription -> subscription.offer(peer));
      }
    }
  }

  private void ask() {
    Duration wait = QUERY_FIRST;
    try {
      while (!link.closed()) {
        send(PeerRecords.query());
        Thread.sleep(wait);
        wait = wait.multipliedBy(2);
        wait = wait.compareTo(QUERY_MOST) < 0 ? wait : QUERY_MOST;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer() {
    try {
      while (!link.closed()) {
        asked.acquire();
        asked.drainPermits();
        for (NetworkInterface network : interfaces()) {
          answerOn(network);
        }
        TimeUnit.NANOSECONDS.sleep(ANSWER_INTERVAL.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A loopback address is told on the loopback interface only: to others it would be a lie.
  private void answerOn(NetworkInterface network) {
    boolean loopback = isLoopback(network);
    List<Multiaddr> told =
        addresses.get().stream().filter(address -> loopback || !isLoopback(address)).toList();
    if (!told.isEmpty()) {
      send(network, PeerRecords.answer(name, self, told).encode());
    }
  }

  private static boolean isLoopback(NetworkInterface network) {
    try {
      return network.isLoopback();
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isLoopback(Multiaddr address) {
    return address
        .value(Protocol.IP4)
        .or(() -> address.value(Protocol.IP6))
        .map(ip -> InetAddress.ofLiteral(ip).isLoopbackAddress())
        .orElse(false);
  }

  private void send(DnsMessage message) {
    byte[] encoded = message.encode();
    interfaces().forEach(network -> send(network, encoded));
  }

  private void send(NetworkInterface network, byte[] encoded) {
    try {
      link.send(network, encoded);
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "cannot send on {0}: {1}", network.getName(), e.getMessage());
    }
  }

  private List<NetworkInterface> interfaces() {
    try {
      return link.interfaces();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "no interfaces: {0}", e.getMessage());
      return List.of();
    }
  }

  @Override
  public void close() {
    link.close();
    threads.forEach(Thread::interrupt);
    subscriptions.forEach(Discoveries::close);
  }
}
