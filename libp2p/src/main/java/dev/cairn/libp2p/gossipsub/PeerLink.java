package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.peer.PeerId;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The stream to one peer: opened when there is something to say, opened again when it breaks, up
/// to a limit. It carries our RPCs only; the peer's come on a stream of its own.
///
/// One virtual thread writes; a second one waits for the stream's end.
final class PeerLink implements AutoCloseable {

  /// Streams that may break in a row before the peer is taken not to want us.
  static final int BREAKS_MAX = 5;

  /// A stream that lasted this long was a good one.
  private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(30);

  /// How long a peer may leave a write without room.
  private static final Duration STALL_MAX = Duration.ofSeconds(60);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Host host;
  private final PeerId peer;
  private final List<String> protocols;
  private final Outbox outbox;
  private final Consumer<PeerLink> onReopen;
  private final Consumer<PeerLink> onGiveUp;
  private final Thread writer;

  /// @param onReopen told, with this link, before each stream but the first
  /// @param onGiveUp told when no more streams will be opened
  PeerLink(
      Host host,
      PeerId peer,
      List<String> protocols,
      Outbox outbox,
      Consumer<PeerLink> onReopen,
      Consumer<PeerLink> onGiveUp) {
    this.host = host;
    this.peer = peer;
    this.protocols = List.copyOf(protocols);
    this.outbox = outbox;
    this.onReopen = onReopen;
    this.onGiveUp = onGiveUp;
    this.writer = Thread.ofVirtual().name("gossip to " + peer).unstarted(this::run);
  }

  void start() {
    writer.start();
  }

  PeerId peer() {
    return peer;
  }

  Outbox outbox() {
    return outbox;
  }

  private void run() {
    try {
      int breaks = 0;
      while (outbox.awaitWork()) {
        long began = System.nanoTime();
        serve();
        if (System.nanoTime() - began > GOOD_NANOS) {
          breaks = 0;
        }
        if (++breaks > BREAKS_MAX) {
          onGiveUp.accept(this);
          return;
        }
        if (!outbox.pause((breaks - 1) * PAUSE_NANOS)) {
          return;
        }
        outbox.renew();
        onReopen.accept(this);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Writes to one stream until it breaks or the link is closed.
  private void serve() throws InterruptedException {
    try (Stream stream = host.open(peer, protocols)) {
      stream.deadline(STALL_MAX);
      int turn = outbox.turn();
      Thread.ofVirtual().name("gossip watch " + peer).start(() -> watch(stream, turn));
      while (true) {
        List<Fragment> batch = outbox.take();
        if (batch.isEmpty()) {
          return;
        }
        try {
          RpcWriter.write(batch, stream.output());
        } catch (IOException e) {
          stream.reset();
          return;
        }
      }
    } catch (IOException e) {
      // No stream: the caller counts it and tries again.
    }
  }

  /// Nothing is sent to us on this stream: a read shows only that it ended.
  private void watch(Stream stream, int turn) {
    try {
      InputStream in = stream.input();
      while (true) {
        try {
          if (in.read() < 0) {
            return;
          }
          stream.reset();
          outbox.breakOff(turn);
          return;
        } catch (SocketTimeoutException e) {
          // A quiet stream is as it should be.
        }
      }
    } catch (IOException e) {
      outbox.breakOff(turn);
    }
  }

  @Override
  public void close() {
    outbox.close();
    writer.interrupt();
  }
}
