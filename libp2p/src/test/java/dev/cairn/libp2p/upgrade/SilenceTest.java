package dev.cairn.libp2p.upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.transport.Listener;
import dev.cairn.libp2p.transport.MemoryNetwork;
import dev.cairn.libp2p.transport.MemoryTransport;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// Peers that fall silent, or stop reading, after the upgrade.
class SilenceTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  private static UpgradeParams params(Duration keepAlive, Duration writeStall) {
    return new UpgradeParams(
        Duration.ofSeconds(10), keepAlive, writeStall, 1 << 20, 1 << 20, 1 << 20, 256);
  }

  /// A link whose traffic can be held up: reads wait until it is closed, and writes vanish.
  private static final class Frozen implements Link {
    private final Link link;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile boolean frozen;

    Frozen(Link link) {
      this.link = link;
    }

    @Override
    public InputStream input() {
      return link.input();
    }

    @Override
    public OutputStream output() {
      return link.output();
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      int count = link.read(target);
      if (frozen) {
        await();
        throw new IOException("closed");
      }
      return count;
    }

    private void await() throws IOException {
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public void write(ByteBuffer source) throws IOException {
      if (!frozen) {
        link.write(source);
      }
    }

    @Override
    public int available() throws IOException {
      return link.available();
    }

    @Override
    public Multiaddr local() {
      return link.local();
    }

    @Override
    public Multiaddr remote() {
      return link.remote();
    }

    @Override
    public void readTimeout(Duration timeout) {
      link.readTimeout(timeout);
    }

    @Override
    public void close() {
      closed.countDown();
      link.close();
    }
  }

  /// Alice with the given limits, and Bob behind a link that can freeze.
  private record Scene(Connection alice, Connection bob, Frozen link) {

    static Scene set(UpgradeParams params) throws Exception {
      MemoryTransport memory = new MemoryTransport(new MemoryNetwork());
      try (Listener listener = memory.listen(Multiaddr.parse("/memory/1"))) {
        Link near = memory.dial(listener.address(), Duration.ofSeconds(1));
        Frozen far = new Frozen(listener.accept());
        UpgradeParams patient = params(LONG, LONG);
        FutureTask<Connection> bob =
            TwoPeers.async(() -> new Upgrader(TwoPeers.BOB, patient).inbound(far));
        Connection alice = new Upgrader(TwoPeers.ALICE, params).outbound(near, Optional.empty());
        return new Scene(alice, TwoPeers.result(bob), far);
      }
    }
  }

  @Test
  void a_peer_that_stops_reading_is_left() throws Exception {
    Scene scene = Scene.set(params(LONG, SHORT));
    scene.link().frozen = true;
    // Many streams, because the window of one is smaller than the buffers of the link.
    for (int i = 0; i < 20; i++) {
      MuxedStream stream = scene.alice().open();
      Thread.startVirtualThread(() -> fill(stream));
    }
    IOException e = assertThrows(IOException.class, scene.alice()::accept);
    assertInstanceOf(SocketTimeoutException.class, e.getCause());
    scene.bob().close();
    scene.link().close();
  }

  private static void fill(MuxedStream stream) {
    try {
      stream.output().write(new byte[200_000]);
    } catch (IOException e) {
      stream.reset();
    }
  }

  @Test
  void a_peer_that_falls_silent_is_left() throws Exception {
    Scene scene = Scene.set(params(SHORT, LONG));
    scene.link().frozen = true;
    IOException e = assertThrows(IOException.class, scene.alice()::accept);
    assertInstanceOf(SocketTimeoutException.class, e.getCause());
    scene.bob().close();
    scene.link().close();
  }

  @Test
  void an_idle_peer_that_answers_pings_stays() throws Exception {
    Scene scene = Scene.set(params(Duration.ofSeconds(1), LONG));
    FutureTask<MuxedStream> accepted = TwoPeers.async(scene.alice()::accept);
    // Longer than the silence that would end it.
    Thread.sleep(2_500);
    assertFalse(scene.alice().closed());
    MuxedStream stream = scene.bob().open();
    stream.output().write(5);
    assertEquals(5, TwoPeers.result(accepted).input().read());
    scene.alice().close();
    scene.bob().close();
  }
}
