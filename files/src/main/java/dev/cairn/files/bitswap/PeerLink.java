package dev.cairn.files.bitswap;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// What we send to one peer, over two streams: wants and answers on one, blocks on the other, so
/// that a long block holds up no word. (Bitswap reads any number of streams from a peer.) Each is
/// opened when there is something to send and closed when there is nothing for a while.
///
/// Two virtual threads.
final class PeerLink implements AutoCloseable {

  private static final Logger LOG = System.getLogger(PeerLink.class.getName());

  /// After a stream that failed; twice as long after each one more in a row. A peer that is
  /// connected is never given up: it may have had too many streams for a moment.
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int DOUBLINGS_MAX = 8;

  /// Long blocks that are in memory in part, of this peer: it may open many streams and let each
  /// wait with a block that is nearly whole.
  private static final int ARRIVING_MAX = 4;

  private final Host host;
  private final PeerId peer;
  private final Version version;
  private final Serving serving;
  private final BitswapParams params;
  private final Consumer<PeerId> onLost;
  private final LongAdder sentBytes;
  private final Mouth mouth = new Mouth();
  private final Bell bell = new Bell();
  private final Semaphore arriving = new Semaphore(ARRIVING_MAX);
  private volatile boolean expecting;
  private final LongAdder unexpected = new LongAdder();

  /// @param onLost told when wants may not have reached the peer
  /// @param sentBytes counts the bytes of blocks
  PeerLink(
      Host host,
      PeerId peer,
      Version version,
      Serving serving,
      BitswapParams params,
      Consumer<PeerId> onLost,
      LongAdder sentBytes) {
    this.host = host;
    this.peer = peer;
    this.version = version;
    this.serving = serving;
    this.params = params;
    this.onLost = onLost;
    this.sentBytes = sentBytes;
  }

  PeerLink start() {
    Thread.ofVirtual().name("bitswap to " + peer).start(this::talk);
    Thread.ofVirtual().name("blocks to " + peer).start(this::send);
    return this;
  }

  Mouth mouth() {
    return mouth;
  }

  /// The peer's want-list has changed, or a block that it waits for is here.
  void wake() {
    mouth.wake();
  }

  boolean expecting() {
    return expecting;
  }

  void expecting(boolean blocks) {
    expecting = blocks;
  }

  /// Places for long blocks that arrive at once.
  Semaphore arriving() {
    return arriving;
  }

  /// Counts bytes that came unasked, and returns them all.
  long unexpected(int bytes) {
    unexpected.add(bytes);
    return unexpected.sum();
  }

  private Stream open() throws IOException {
    Stream stream = host.open(peer, List.of(version.protocol()));
    stream.deadline(params.writeStall());
    return stream;
  }

  private void talk() {
    try {
      int fails = 0;
      while (mouth.await(Bell.FOREVER) || !mouth.closed()) {
        if (talkOnce()) {
          fails = 0;
        } else {
          bell.pause(pause(fails++));
          onLost.accept(peer);
          mouth.wake(); // for what was not said
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      mouth.close(); // nobody speaks any more, so nothing is to wait here for ever
    }
  }

  private void failed(Exception e) {
    LOG.log(Level.DEBUG, () -> "a stream of blocks to " + peer + " failed: " + e.getMessage());
  }

  private static long pause(int fails) {
    return PAUSE_NANOS << Math.min(fails, DOUBLINGS_MAX);
  }

  /// Says what there is to say, over one stream; false when that failed.
  private boolean talkOnce() throws InterruptedException {
    Optional<Stream> stream = Optional.empty();
    try {
      do {
        mouth.answer(serving.check(peer));
        bell.ring();
        Mouth.Words words = mouth.take();
        while (!words.isEmpty()) {
          if (stream.isEmpty()) {
            stream = Optional.of(open());
          }
          byte[] message =
              MessageWriter.talk(version, words.full(), words.entries(), words.answers());
          stream.get().output().write(message);
          words = mouth.take();
        }
      } while (serving.unchecked(peer) || mouth.await(params.idle().toNanos()));
      stream.ifPresent(PeerLink::finish);
      return true;
    } catch (IOException | RuntimeException e) {
      failed(e);
      stream.ifPresent(Stream::reset);
      return false;
    }
  }

  private static void finish(Stream stream) {
    stream.closeWrite();
    stream.close();
  }

  private void send() {
    try {
      Optional<Stream> stream = Optional.empty();
      int fails = 0;
      while (!bell.closed()) {
        Optional<Cid> next = serving.next(peer);
        if (next.isEmpty()) {
          if (!bell.await(params.idle().toNanos())) {
            stream.ifPresent(PeerLink::finish);
            stream = Optional.empty();
            serving.idle();
            bell.await(Bell.FOREVER);
          }
          continue;
        }
        try {
          stream = Optional.of(stream.isPresent() ? stream.get() : open());
          send(stream.get(), next.get());
          fails = 0;
        } catch (IOException | RuntimeException e) {
          failed(e);
          stream.ifPresent(Stream::reset);
          stream = Optional.empty();
          again(next.get());
          bell.pause(pause(fails++));
          mouth.wake();
        }
      }
      stream.ifPresent(Stream::reset);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// The peer still wants it, unless it has gone, and what it wanted with it.
  private void again(Cid cid) {
    serving.receive(peer, List.of(Entry.wantBlock(cid)), false);
    if (bell.closed() && host.info(peer).isEmpty()) {
      serving.gone(peer);
    }
  }

  private void send(Stream stream, Cid cid) throws IOException, InterruptedException {
    while (!serving.enter(Bell.FOREVER)) {
      // The others' writes end by their deadline.
    }
    try {
      Optional<byte[]> data = serving.get(cid);
      if (data.isPresent()) {
        MessageWriter.block(version, cid, data.get(), stream.output());
        sentBytes.add(data.get().length);
        serving.sent(data.get()); // not after a failure: the stream may still hold it
      } else {
        mouth.answer(List.of(new Presence(cid, false)));
      }
    } finally {
      serving.leave();
    }
  }

  @Override
  public void close() {
    mouth.close();
    bell.close();
  }
}
