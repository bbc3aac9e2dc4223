package dev.cairn.node.chain;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.protobuf.Delimited;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The stream of votes to one validator. It takes messages once the other side has accepted it, and
/// ends for good when it breaks, or when [#QUEUED_MAX] messages wait.
///
/// One virtual thread writes; a second one waits for the stream's end.
final class VoteLink implements AutoCloseable {

  /// Messages that wait for a peer that does not read: some seconds of them.
  static final int QUEUED_MAX = 256;

  private static final Duration ACCEPT_MAX = Duration.ofSeconds(5);

  /// How long a peer may leave a write without room.
  private static final Duration STALL_MAX = Duration.ofSeconds(30);

  private static final Logger LOG = System.getLogger(VoteLink.class.getName());

  private final Host host;
  private final PeerId peer;
  private final String protocol;
  private final Consumer<VoteLink> onEnd;
  private final BlockingQueue<StraightMessage> queue = new ArrayBlockingQueue<>(QUEUED_MAX);
  private final AtomicBoolean closed = new AtomicBoolean();

  /// What is being written. Owner: the writer's thread.
  private final List<StraightMessage> batch = new ArrayList<>();

  private final Thread writer;
  private volatile boolean ready;

  /// @param onEnd told once when no message is taken any more; [#left] has what was not written
  VoteLink(Host host, PeerId peer, String protocol, Consumer<VoteLink> onEnd) {
    this.host = host;
    this.peer = peer;
    this.protocol = protocol;
    this.onEnd = onEnd;
    this.writer = Thread.ofVirtual().name("votes to " + peer).unstarted(this::run);
  }

  void start() {
    writer.start();
  }

  PeerId peer() {
    return peer;
  }

  boolean ready() {
    return ready;
  }

  /// Takes a message to be written soon; false when the stream is not accepted, full or at its end.
  boolean offer(StraightMessage message) {
    if (!ready) {
      return false;
    }
    if (!queue.offer(message)) {
      close();
      return false;
    }
    // Whoever ends the link takes what is left after `ready` is gone: of both, one has it.
    return ready || !queue.remove(message);
  }

  /// What was taken and not written as a whole. Only for whom the end is told to, on that thread:
  /// the queue may be full, so what was being written does not go through it.
  List<byte[]> left() {
    List<StraightMessage> left = new ArrayList<>(batch);
    batch.clear();
    queue.drainTo(left);
    return left.stream().map(StraightMessage::data).toList();
  }

  private void run() {
    try (Stream stream = host.open(peer, List.of(protocol))) {
      stream.deadline(ACCEPT_MAX);
      Delimited.write(stream.output(), new byte[0]);
      Delimited.read(stream.input(), 0);
      stream.deadline(STALL_MAX);
      ready = true;
      Thread.ofVirtual().name("votes watch " + peer).start(() -> watch(stream));
      while (!closed.get()) {
        batch.add(queue.take());
        queue.drainTo(batch);
        write(stream, batch);
        batch.clear();
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, () -> "no stream for votes to " + peer + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ready = false;
      closed.set(true);
      onEnd.accept(this);
    }
  }

  /// All in one write, so that the muxer makes one frame of them.
  private static void write(Stream stream, List<StraightMessage> messages) throws IOException {
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    for (StraightMessage message : messages) {
      message.writeTo(framed);
    }
    stream.output().write(framed.toByteArray());
  }

  /// Nothing more is sent to us on this stream: a read shows only that it ended.
  private void watch(Stream stream) {
    try {
      InputStream in = stream.input();
      while (!closed.get()) {
        try {
          if (in.read() < 0) {
            close();
          } else {
            stream.reset();
          }
        } catch (SocketTimeoutException e) {
          // A quiet stream is as it should be.
        }
      }
    } catch (IOException e) {
      close();
    }
  }

  @Override
  public void close() {
    ready = false;
    closed.set(true);
    writer.interrupt();
  }
}
