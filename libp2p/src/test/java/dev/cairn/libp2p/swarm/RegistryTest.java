package dev.cairn.libp2p.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.limits.ConnectionGate;
import dev.cairn.libp2p.limits.Limits;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.upgrade.Connection;
import dev.cairn.libp2p.upgrade.MuxedStream;
import dev.cairn.multiformats.Multiaddr;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegistryTest {

  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final Identity ONE = identity(1);
  private static final Identity TWO = identity(2);
  private static final Identity SMALL = ONE.id().compareTo(TWO.id()) < 0 ? ONE : TWO;
  private static final Identity LARGE = SMALL.equals(ONE) ? TWO : ONE;

  private final List<String> told = new ArrayList<>();

  private static Identity identity(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return Identity.of(Ed25519Key.fromSeed(seed));
  }

  /// A connection that does nothing but end.
  private static final class Fake implements Connection {
    private final Identity remote;
    private final boolean outbound;
    private boolean closed;

    Fake(Identity remote, boolean outbound) {
      this.remote = remote;
      this.outbound = outbound;
    }

    @Override
    public PeerId remotePeer() {
      return remote.id();
    }

    @Override
    public PublicKey remoteKey() {
      return remote.publicKey();
    }

    @Override
    public Multiaddr local() {
      return Multiaddr.parse("/memory/1");
    }

    @Override
    public Multiaddr remote() {
      return Multiaddr.parse("/memory/2");
    }

    @Override
    public boolean outbound() {
      return outbound;
    }

    @Override
    public MuxedStream open() throws IOException {
      throw new EOFException();
    }

    @Override
    public MuxedStream accept() throws IOException {
      throw new EOFException();
    }

    @Override
    public Duration ping() throws IOException {
      throw new EOFException();
    }

    @Override
    public boolean closed() {
      return closed;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private Registry registry(Identity self) {
    return new Registry(
        self.id(),
        WINDOW,
        new SwarmOwner() {
          @Override
          public void connected(PeerConnection connection) {
            told.add("+" + connection.outbound());
          }

          @Override
          public void disconnected(PeerConnection connection) {
            told.add("-" + connection.outbound());
          }

          @Override
          public void stream(PeerConnection connection, MuxedStream stream) {}
        });
  }

  private static void take(Registry registry, PeerConnection connection) {
    assertTrue(registry.admit(connection).isPresent());
  }

  private static PeerConnection connection(Identity remote, boolean outbound, long seconds) {
    ConnectionGate.Permit permit =
        new ConnectionGate(Limits.STANDARD).outbound(Multiaddr.parse("/memory/2")).orElseThrow();
    return new PeerConnection(
        new Fake(remote, outbound), permit, Duration.ofSeconds(seconds).toNanos(), 8);
  }

  @Test
  void both_sides_of_a_simultaneous_dial_keep_the_same_connection_in_any_order() {
    for (boolean dialledBySmallFirst : List.of(true, false)) {
      // At the smaller side its own dial is outbound; at the larger one the same is inbound.
      assertTrue(kept(SMALL, LARGE, dialledBySmallFirst), "the smaller side keeps its own dial");
      assertFalse(kept(LARGE, SMALL, !dialledBySmallFirst), "the larger side keeps the other's");
    }
  }

  /// Whether `self` ends with the connection that it dialled.
  private boolean kept(Identity self, Identity remote, boolean outboundFirst) {
    Registry registry = registry(self);
    take(registry, connection(remote, outboundFirst, 0));
    Registry.Admission second = registry.admit(connection(remote, !outboundFirst, 1)).orElseThrow();
    assertSame(second.use(), registry.get(remote.id()).orElseThrow());
    assertTrue(registry.isSpare(second.retired().orElseThrow()));
    return second.use().outbound();
  }

  @Test
  void of_two_dials_in_the_same_direction_the_first_stays() {
    Registry registry = registry(SMALL);
    PeerConnection first = connection(LARGE, false, 0);
    take(registry, first);
    assertSame(first, registry.admit(connection(LARGE, false, 1)).orElseThrow().use());
    assertEquals(List.of("+false"), told);
  }

  @Test
  void an_old_connection_gives_way_to_a_new_one_whoever_dialled() {
    for (boolean outbound : List.of(true, false)) {
      told.clear();
      Registry registry = registry(SMALL);
      take(registry, connection(LARGE, true, 0));
      PeerConnection fresh = connection(LARGE, outbound, 11);
      assertSame(fresh, registry.admit(fresh).orElseThrow().use());
      assertEquals(List.of("+true", "-true", "+" + outbound), told);
    }
  }

  @Test
  void a_connection_that_has_ended_gives_way_at_once() {
    Registry registry = registry(SMALL);
    PeerConnection first = connection(LARGE, true, 0);
    take(registry, first);
    first.close();
    PeerConnection second = connection(LARGE, false, 1);
    assertSame(second, registry.admit(second).orElseThrow().use());
  }

  @Test
  void the_loser_takes_over_when_the_winner_ends_first() {
    Registry registry = registry(SMALL);
    PeerConnection winner = connection(LARGE, true, 0);
    PeerConnection loser = connection(LARGE, false, 1);
    take(registry, winner);
    take(registry, loser);
    registry.remove(winner);
    assertSame(loser, registry.get(LARGE.id()).orElseThrow());
    assertFalse(registry.isSpare(loser));
    registry.remove(loser);
    assertEquals(Optional.empty(), registry.get(LARGE.id()));
    assertEquals(List.of("+true", "-true", "+false", "-false"), told);
  }

  @Test
  void a_closed_registry_takes_nothing_in_and_gives_all_back() {
    Registry registry = registry(SMALL);
    PeerConnection first = connection(LARGE, true, 0);
    PeerConnection second = connection(LARGE, true, 1);
    take(registry, first);
    take(registry, second);
    assertEquals(List.of(first, second), registry.close());
    assertEquals(Optional.empty(), registry.admit(connection(LARGE, true, 2)));
  }
}
