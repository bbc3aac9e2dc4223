package dev.cairn.libp2p.upgrade;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Listener;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.libp2p.transport.Transport;
import dev.cairn.multiformats.Multiaddr;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UpgraderTest {

  private static final UpgradeParams PARAMS = UpgradeParams.defaults();

  @Test
  void two_peers_know_each_other_over_tcp() throws Exception {
    try (TwoPeers peers = TwoPeers.over(new TcpTransport(), "/ip4/127.0.0.1/tcp/0", PARAMS)) {
      assertEquals(TwoPeers.BOB.id(), peers.dialer().remotePeer());
      assertEquals(TwoPeers.ALICE.id(), peers.listener().remotePeer());
      assertTrue(peers.dialer().outbound());
      assertFalse(peers.listener().outbound());
      assertEquals(peers.dialer().remote(), peers.listener().local());
      assertEquals(peers.dialer().local(), peers.listener().remote());
    }
  }

  @Test
  void the_whole_answer_to_a_dialer_that_speaks_first_is_one_write() throws Exception {
    MemoryTransport memory = new MemoryTransport(new MemoryNetwork());
    try (Listener listener = memory.listen(Multiaddr.parse("/memory/1"))) {
      Link near = memory.dial(listener.address(), Duration.ofSeconds(1));
      Link far = listener.accept();
      FutureTask<Connection> alice =
          TwoPeers.async(
              () -> new Upgrader(TwoPeers.ALICE, PARAMS).outbound(near, Optional.empty()));
      while (far.available() == 0) {
        Thread.onSpinWait();
      }
      AtomicInteger writes = new AtomicInteger();
      try (Connection bob = new Upgrader(TwoPeers.BOB, PARAMS).inbound(counted(far, writes))) {
        assertEquals(TwoPeers.BOB.id(), TwoPeers.result(alice).remotePeer());
        assertEquals(1, writes.get());
        assertFalse(bob.closed());
      }
    }
  }

  /// The link, with each write to its output counted.
  private static Link counted(Link link, AtomicInteger writes) {
    OutputStream output =
        new FilterOutputStream(link.output()) {
          @Override
          public void write(byte[] source, int offset, int length) throws IOException {
            writes.incrementAndGet();
            out.write(source, offset, length);
          }
        };
    InvocationHandler handler =
        (_, method, arguments) -> {
          try {
            return method.getName().equals("output") ? output : method.invoke(link, arguments);
          } catch (InvocationTargetException e) {
            throw requireNonNull(e.getCause());
          }
        };
    return (Link)
        Proxy.newProxyInstance(Link.class.getClassLoader(), new Class<?>[] {Link.class}, handler);
  }

  @Test
  void a_stream_carries_bytes_both_ways_over_tcp() throws Exception {
    try (TwoPeers peers = TwoPeers.over(new TcpTransport(), "/ip4/127.0.0.1/tcp/0", PARAMS)) {
      echo(peers, 5_000_000);
    }
  }

  @Test
  void a_stream_carries_bytes_both_ways_in_memory() throws Exception {
    Transport memory = new MemoryTransport(new MemoryNetwork());
    try (TwoPeers peers = TwoPeers.over(memory, "/memory/0", PARAMS)) {
      echo(peers, 3_000_000);
    }
  }

  private static void echo(TwoPeers peers, int bytes) throws Exception {
    FutureTask<Void> server =
        TwoPeers.async(
            () -> {
              try (MuxedStream stream = peers.listener().accept()) {
                stream.input().transferTo(stream.output());
              }
              return null;
            });
    byte[] sent = new byte[bytes];
    new Random(7).nextBytes(sent);
    try (MuxedStream stream = peers.dialer().open()) {
      FutureTask<Void> writer =
          TwoPeers.async(
              () -> {
                OutputStream out = stream.output();
                for (int at = 0; at < bytes; at += 70_001) {
                  out.write(sent, at, Math.min(70_001, bytes - at));
                }
                stream.closeWrite();
                return null;
              });
      assertArrayEquals(sent, stream.input().readAllBytes());
      TwoPeers.result(writer);
    }
    TwoPeers.result(server);
  }

  @Test
  void a_small_request_is_answered() throws Exception {
    try (TwoPeers peers = TwoPeers.over(new TcpTransport(), "/ip4/127.0.0.1/tcp/0", PARAMS)) {
      FutureTask<Void> server =
          TwoPeers.async(
              () -> {
                try (MuxedStream stream = peers.listener().accept()) {
                  assertArrayEquals("ping".getBytes(UTF_8), stream.input().readAllBytes());
                  stream.output().write("pong".getBytes(UTF_8));
                }
                return null;
              });
      try (MuxedStream stream = peers.dialer().open()) {
        stream.output().write("ping".getBytes(UTF_8));
        stream.closeWrite();
        assertArrayEquals("pong".getBytes(UTF_8), stream.input().readAllBytes());
      }
      TwoPeers.result(server);
      assertTrue(peers.dialer().ping().toNanos() > 0);
    }
  }
}
