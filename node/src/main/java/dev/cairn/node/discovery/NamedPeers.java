package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The peers that the operator wants to stay connected to, each by its place in the list. Owner:
/// the machine that holds it.
final class NamedPeers {

  /// How often a list that a domain keeps is read again while there are peers; without any it is
  /// read as often as a peer is dialled.
  private static final Duration LIST_AGAIN = Duration.ofHours(1);

  private enum State {
    WAITING,
    DIALLING,
    UP,
    LIST
  }

  private static final class Named {
    State state = State.WAITING;
    Optional<PeerId> peer = Optional.empty();
    int failures;
    long dueNanos = Long.MIN_VALUE;
  }

  private final List<Named> list = new ArrayList<>();
  private final Links links;
  private final RandomGenerator random;
  private final Duration welcome;

  /// @param welcome how long a dialled peer may take to be told as connected
  NamedPeers(int count, Links links, RandomGenerator random, Duration welcome) {
    if (count > DiscoveryParams.NAMED_MAX) {
      throw new IllegalArgumentException(count + " named peers");
    }
    for (int i = 0; i < count; i++) {
      list.add(new Named());
    }
    this.links = links;
    this.random = random;
    this.welcome = welcome;
  }

  boolean contains(PeerId peer) {
    return list.stream().anyMatch(n -> n.peer.filter(peer::equals).isPresent());
  }

  /// First dials under way.
  int dialling() {
    return (int) list.stream().filter(n -> n.state == State.DIALLING && n.failures == 0).count();
  }

  void up(int index, PeerId peer, Now now) {
    Named named = list.get(index);
    named.state = State.UP;
    named.peer = Optional.of(peer);
    named.failures = 0;
    named.dueNanos = now.nanos() + welcome.toNanos();
  }

  void failed(int index, Now now) {
    Named named = list.get(index);
    named.failures++;
    named.state = State.WAITING;
    named.dueNanos = now.nanos() + Backoff.KNOWN.nanos(named.failures, random);
  }

  void listRead(int index, Now now) {
    Named named = list.get(index);
    named.state = State.LIST;
    named.failures = Math.min(named.failures + 1, 10);
    named.dueNanos = now.nanos() + Backoff.KNOWN.nanos(named.failures, random);
  }

  /// A peer has gone: one of these is dialled again soon.
  void gone(PeerId peer, Now now) {
    for (Named named : list) {
      if (named.state == State.UP && named.peer.filter(peer::equals).isPresent()) {
        named.dueNanos = now.nanos() + Backoff.KNOWN.nanos(1, random);
      }
    }
  }

  void pump(Now now, Consumer<? super DiscoveryEffect> out) {
    for (int i = 0; i < list.size(); i++) {
      Named named = list.get(i);
      if (due(named) <= now.nanos()) {
        named.state = State.DIALLING;
        out.accept(new DiscoveryEffect.DialNamed(i));
      }
    }
  }

  private long due(Named named) {
    return switch (named.state) {
      case WAITING -> named.dueNanos;
      case DIALLING -> Long.MAX_VALUE;
      case UP -> links.byPeer().containsKey(named.peer.get()) ? Long.MAX_VALUE : named.dueNanos;
      case LIST -> named.dueNanos + (links.isolated() ? 0 : LIST_AGAIN.toNanos());
    };
  }

  long dueNanos() {
    return list.stream().mapToLong(this::due).min().orElse(Long.MAX_VALUE);
  }
}
