package dev.cairn.libp2p.upgrade;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Listener;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.libp2p.transport.Transport;
import dev.cairn.multiformats.Multiaddr;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// Peers that are slow, silent or send garbage: their connection ends, and nothing else.
class HostilePeerTest {

  private static final String TCP = "/ip4/127.0.0.1/tcp/0";

  private static UpgradeParams hasty(Duration timeout) {
    UpgradeParams all = UpgradeParams.defaults();
    return new UpgradeParams(
        timeout,
        all.keepAlive(),
        all.writeStall(),
        all.windowBytesMax(),
        all.windowBytesBudget(),
        all.bufferedBytesMax(),
        all.unacknowledgedMax());
  }

  /// One accepted link and its raw other end.
  private record Raw(Link link, FutureTask<Connection> upgrade) {

    static Raw dial(Transport transport, String address, UpgradeParams params) throws Exception {
      try (Listener listener = transport.listen(Multiaddr.parse(address))) {
        Link link = transport.dial(listener.address(), Duration.ofSeconds(5));
        Link accepted = listener.accept();
        Upgrader upgrader = new Upgrader(TwoPeers.BOB, params);
        return new Raw(link, TwoPeers.async(() -> upgrader.inbound(accepted)));
      }
    }
  }

  @Test
  void a_silent_peer_is_cut_off_at_the_deadline() throws Exception {
    Raw raw = Raw.dial(new TcpTransport(), TCP, hasty(Duration.ofMillis(200)));
    assertThrows(SocketTimeoutException.class, () -> TwoPeers.result(raw.upgrade()));
    assertTrue(raw.link().input().readAllBytes().length < 64);
  }

  @Test
  void a_peer_that_drips_is_cut_off_at_the_same_deadline() throws Exception {
    Raw raw = Raw.dial(new TcpTransport(), TCP, hasty(Duration.ofMillis(300)));
    // Each byte comes well in time, but the whole does not.
    FutureTask<Integer> drip =
        TwoPeers.async(
            () -> {
              byte[] line = "\u0013/multistream/1.0.0\n".repeat(1_000).getBytes(ISO_8859_1);
              for (int i = 0; i < line.length; i++) {
                raw.link().output().write(line[i]);
                Thread.sleep(20);
              }
              return line.length;
            });
    assertThrows(SocketTimeoutException.class, () -> TwoPeers.result(raw.upgrade()));
    assertThrows(IOException.class, () -> TwoPeers.result(drip));
  }

  @Test
  void a_listener_that_never_answers_is_left_at_the_deadline() throws Exception {
    Transport memory = new MemoryTransport(new MemoryNetwork());
    try (Listener listener = memory.listen(Multiaddr.parse("/memory/0"))) {
      Link link = memory.dial(listener.address(), Duration.ofSeconds(5));
      Upgrader upgrader = new Upgrader(TwoPeers.ALICE, hasty(Duration.ofMillis(200)));
      assertThrows(SocketTimeoutException.class, () -> upgrader.outbound(link, Optional.empty()));
    }
  }

  @Test
  void garbage_is_refused_at_once() throws Exception {
    Random random = new Random(4);
    Transport memory = new MemoryTransport(new MemoryNetwork());
    for (int i = 0; i < 100; i++) {
      Raw raw = Raw.dial(memory, "/memory/0", UpgradeParams.defaults());
      byte[] garbage = new byte[1 + random.nextInt(3_000)];
      random.nextBytes(garbage);
      if (i % 3 == 1) {
        raw.link().output().write("\u0013/multistream/1.0.0\n".getBytes(ISO_8859_1));
      } else if (i % 3 == 2) {
        raw.link().output().write("\u0013/multistream/1.0.0\n\u0007/noise\n".getBytes(ISO_8859_1));
      }
      raw.link().output().write(garbage);
      raw.link().close();
      Exception e = assertThrows(Exception.class, () -> TwoPeers.result(raw.upgrade()));
      assertInstanceOf(IOException.class, e);
    }
  }

  @Test
  void another_peer_than_expected_closes_the_link() throws Exception {
    Transport memory = new MemoryTransport(new MemoryNetwork());
    try (Listener listener = memory.listen(Multiaddr.parse("/memory/0"))) {
      UpgradeParams params = UpgradeParams.defaults();
      FutureTask<Connection> bob =
          TwoPeers.async(() -> new Upgrader(TwoPeers.BOB, params).inbound(listener.accept()));
      Link link = memory.dial(listener.address(), Duration.ofSeconds(5));
      Upgrader alice = new Upgrader(TwoPeers.ALICE, params);
      assertThrows(
          ProtocolException.class, () -> alice.outbound(link, Optional.of(TwoPeers.ALICE.id())));
      assertThrows(IOException.class, () -> link.output().write(1));
      assertThrows(IOException.class, () -> TwoPeers.result(bob));
    }
  }

  @Test
  void a_peer_without_noise_is_told_apart() throws Exception {
    Raw raw =
        Raw.dial(new MemoryTransport(new MemoryNetwork()), "/memory/0", UpgradeParams.defaults());
    raw.link().output().write("\u0013/multistream/1.0.0\n\u000b/tls/1.0.0\n".getBytes(ISO_8859_1));
    byte[] answer = raw.link().input().readNBytes(24);
    assertEquals("\u0013/multistream/1.0.0\n\u0003na\n", new String(answer, ISO_8859_1));
    raw.link().close();
    assertThrows(NoProtocolException.class, () -> TwoPeers.result(raw.upgrade()));
  }

  @Test
  void garbage_behind_the_upgrade_ends_the_connection_and_no_other() throws Exception {
    Transport memory = new MemoryTransport(new MemoryNetwork());
    UpgradeParams params = UpgradeParams.defaults();
    try (TwoPeers sound = TwoPeers.over(memory, "/memory/0", params);
        Listener listener = memory.listen(Multiaddr.parse("/memory/0"))) {
      FutureTask<Connection> bob =
          TwoPeers.async(() -> new Upgrader(TwoPeers.BOB, params).inbound(listener.accept()));
      Link link = memory.dial(listener.address(), Duration.ofSeconds(5));
      Connection alice = new Upgrader(TwoPeers.ALICE, params).outbound(link, Optional.empty());
      Connection hurt = TwoPeers.result(bob);
      link.output().write(new byte[5_000]);
      assertThrows(IOException.class, hurt::accept);
      assertTrue(hurt.closed());
      assertThrows(IOException.class, alice::accept);
      assertFalse(sound.dialer().closed());
      assertTrue(sound.dialer().ping().toNanos() > 0);
    }
  }

  @Test
  void a_closed_connection_ends_streams_and_accept_on_both_sides() throws Exception {
    try (TwoPeers peers = TwoPeers.over(new TcpTransport(), TCP, UpgradeParams.defaults())) {
      MuxedStream stream = peers.dialer().open();
      stream.output().write("last words".getBytes(UTF_8));
      MuxedStream theirs = peers.listener().accept();
      peers.dialer().close();
      assertEquals("last words", new String(theirs.input().readNBytes(10), UTF_8));
      assertThrows(IOException.class, () -> theirs.input().read());
      assertThrows(EOFException.class, peers.listener()::accept);
      assertThrows(EOFException.class, peers.dialer()::accept);
      assertThrows(IOException.class, () -> stream.input().read());
      assertThrows(IOException.class, () -> stream.output().write(1));
      assertThrows(IOException.class, peers.dialer()::open);
      assertTrue(peers.dialer().closed());
      assertTrue(peers.listener().closed());
    }
  }
}
