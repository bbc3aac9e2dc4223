package dev.cairn.libp2p.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class TransportTest {

  private static final String PEER = "/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";

  private final Transport tcp = new TcpTransport();
  private final Transport memory = new MemoryTransport(new MemoryNetwork());

  private static Multiaddr address(String text) {
    return Multiaddr.parse(text);
  }

  @Test
  void tcp_handles_ips_and_names_with_a_port() {
    assertTrue(tcp.handles(address("/ip4/127.0.0.1/tcp/4001")));
    assertTrue(tcp.handles(address("/ip6/::1/tcp/4001")));
    assertTrue(tcp.handles(address("/dns/localhost/tcp/4001")));
    assertTrue(tcp.handles(address("/dns4/localhost/tcp/4001" + PEER)));
    assertFalse(tcp.handles(address("/ip4/127.0.0.1")));
    assertFalse(tcp.handles(address("/ip4/127.0.0.1/udp/4001/quic-v1")));
    assertFalse(tcp.handles(address("/ip4/127.0.0.1/tcp/4001/ws")));
    assertFalse(tcp.handles(address("/ip4/127.0.0.1/tcp/4001" + PEER + "/p2p-circuit")));
    assertFalse(tcp.handles(address("/memory/1")));
  }

  @Test
  void memory_handles_its_own_addresses() {
    assertTrue(memory.handles(address("/memory/1")));
    assertTrue(memory.handles(address("/memory/1" + PEER)));
    assertFalse(memory.handles(address("/ip4/127.0.0.1/tcp/1")));
  }

  @Test
  void tcp_carries_bytes() throws Exception {
    carries(tcp, "/ip4/127.0.0.1/tcp/0");
    carries(tcp, "/dns4/localhost/tcp/0");
  }

  @Test
  void memory_carries_bytes() throws Exception {
    carries(memory, "/memory/0");
    carries(memory, "/memory/named");
  }

  private static void carries(Transport transport, String where) throws Exception {
    try (Listener listener = transport.listen(address(where))) {
      Link near = transport.dial(listener.address(), Duration.ofSeconds(5));
      Link far = listener.accept();
      assertEquals(near.local(), far.remote());
      assertEquals(near.remote(), far.local());
      byte[] sent = new byte[1_000_000];
      new Random(3).nextBytes(sent);
      FutureTask<byte[]> received = new FutureTask<>(() -> far.input().readNBytes(sent.length));
      Thread.startVirtualThread(received);
      near.output().write(sent, 0, 600_000);
      near.write(ByteBuffer.wrap(sent, 600_000, 400_000));
      assertArrayEquals(sent, received.get());
      far.output().write(9);
      ByteBuffer one = ByteBuffer.allocate(10);
      assertEquals(1, near.read(one));
      near.readTimeout(Duration.ofMillis(30));
      assertThrows(SocketTimeoutException.class, () -> near.input().read());
      far.close();
      near.readTimeout(Duration.ZERO);
      assertEquals(-1, near.read(one));
      near.close();
      near.close();
      assertThrows(IOException.class, () -> near.output().write(1));
    }
  }

  @Test
  void nobody_listening_is_an_io_exception() {
    Duration second = Duration.ofSeconds(1);
    assertThrows(IOException.class, () -> tcp.dial(address("/ip4/127.0.0.1/tcp/1"), second));
    assertThrows(IOException.class, () -> memory.dial(address("/memory/9"), second));
  }

  @Test
  void a_place_is_taken_once() throws Exception {
    for (Transport transport : new Transport[] {tcp, memory}) {
      String where = transport.handles(address("/memory/0")) ? "/memory/5" : "/ip4/127.0.0.1/tcp/0";
      try (Listener listener = transport.listen(address(where))) {
        assertThrows(IOException.class, () -> transport.listen(listener.address()));
      }
    }
  }

  @Test
  void closing_a_listener_wakes_its_accept() throws Exception {
    for (Listener listener :
        new Listener[] {
          tcp.listen(address("/ip4/127.0.0.1/tcp/0")), memory.listen(address("/memory/0"))
        }) {
      FutureTask<Link> accepting = new FutureTask<>(listener::accept);
      Thread.startVirtualThread(accepting);
      listener.close();
      listener.close();
      Exception e = assertThrows(Exception.class, accepting::get);
      assertTrue(e.getCause() instanceof IOException);
    }
  }

  @Test
  void a_full_link_in_memory_holds_its_writer_back() throws Exception {
    try (Listener listener = memory.listen(address("/memory/0"))) {
      Link near = memory.dial(listener.address(), Duration.ofSeconds(5));
      Link far = listener.accept();
      near.output().write(new byte[MemoryPipe.BYTES_MAX]);
      FutureTask<Boolean> one =
          new FutureTask<>(
              () -> {
                near.output().write(1);
                return true;
              });
      Thread.startVirtualThread(one);
      assertFalse(one.isDone());
      assertEquals(MemoryPipe.BYTES_MAX, far.available());
      assertEquals(10, far.input().readNBytes(10).length);
      assertTrue(one.get());
    }
  }

  @Test
  void whoever_listens_on_every_ipv4_address_says_so() throws Exception {
    try (Listener listener = new TcpTransport().listen(Multiaddr.parse("/ip4/0.0.0.0/tcp/0"))) {
      assertTrue(listener.address().toString().startsWith("/ip4/0.0.0.0/tcp/"));
    }
  }
}
