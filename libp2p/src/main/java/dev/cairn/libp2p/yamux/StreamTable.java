package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.upgrade.UpgradeParams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The streams of one session and what happens to them from opening to removal.
///
/// Owner: the session, under the connection's lock.
final class StreamTable {

  /// Streams that our side is done with and the peer has not ended.
  static final int LINGERING_MAX = 256;

  /// How long such a stream is kept before it is reset.
  static final long LINGER_NANOS = 60_000_000_000L;

  /// Bytes for which readers are not yet woken, while more can be had without waiting.
  static final int ARRIVED_BYTES_MAX = 1 << 20;

  private static final String NOT_ENDED = "the peer did not end the stream";

  private final UpgradeParams params;
  private final YamuxBuffers buffers;
  private final ReentrantLock lock;
  private final Growth growth;
  private final Outbox outbox = new Outbox(this::finSent);
  private final HashMap<Integer, StreamState> streams = new HashMap<>();
  private final ArrayDeque<StreamState> backlog = new ArrayDeque<>();
  private final ArrayDeque<StreamState> arrived = new ArrayDeque<>();
  private final LinkedHashSet<StreamState> lingering = new LinkedHashSet<>();
  private final StreamIds peerIds;
  private long nextId;
  private int unacknowledged;
  private long buffered;
  private int arrivedBytes;

  /// Signalled when a stream of the peer waits.
  final Condition acceptable;

  /// Signalled when a stream may be opened again.
  final Condition openable;

  StreamTable(UpgradeParams params, boolean dialer, YamuxBuffers buffers, ReentrantLock lock) {
    this.params = params;
    this.buffers = buffers;
    this.lock = lock;
    this.growth = new Growth(params);
    this.nextId = dialer ? 1 : 2;
    this.peerIds = new StreamIds(dialer ? 2 : 1);
    this.acceptable = lock.newCondition();
    this.openable = lock.newCondition();
  }

  // --- from opening ...

  /// Opens a stream; empty while the peer has taken too few of those before.
  Optional<StreamState> open() throws IOException {
    if (nextId > 0xffff_ffffL) {
      throw new IOException("the stream ids of the connection are used up");
    }
    if (unacknowledged >= params.unacknowledgedMax()) {
      return Optional.empty();
    }
    StreamState stream = new StreamState((int) nextId, true, buffers, growth, lock);
    nextId += 2;
    unacknowledged++;
    streams.put(stream.id, stream);
    return Optional.of(stream);
  }

  /// Opens a stream for the peer; null when it is refused because too many wait.
  ///
  /// @throws YamuxException for an id that the peer may not use, or not again
  @Nullable StreamState peerOpens(int id, boolean refuse) throws YamuxException {
    long unsigned = id & 0xffff_ffffL;
    if (!peerIds.belongs(unsigned)) {
      throw new YamuxException("the peer opened a stream with an id of ours");
    }
    if (!peerIds.use(unsigned)) {
      throw new YamuxException("the peer used a stream id twice");
    }
    if (refuse || backlog.size() >= params.unacknowledgedMax()) {
      outbox.answer(new Frame(Frame.WINDOW_UPDATE, Frame.RST, id, 0));
      return null;
    }
    StreamState stream = new StreamState(id, false, buffers, growth, lock);
    streams.put(stream.id, stream);
    backlog.addLast(stream);
    acceptable.signal();
    return stream;
  }

  /// Takes the oldest stream that the peer opened, if one waits.
  Optional<StreamState> accept() {
    StreamState stream = backlog.pollFirst();
    if (stream != null) {
      stream.acknowledged = true;
      stream.ackDue = true;
    }
    return Optional.ofNullable(stream);
  }

  /// Notes that the peer has taken a stream of ours.
  void acknowledge(StreamState stream) {
    if (stream.outbound && !stream.acknowledged) {
      stream.acknowledged = true;
      unacknowledged--;
      openable.signal();
    }
  }

  @Nullable StreamState find(int id) {
    return streams.get(id);
  }

  /// Whether a stream ever had this id.
  boolean wasUsed(int id) {
    long unsigned = id & 0xffff_ffffL;
    return peerIds.belongs(unsigned) ? peerIds.used(unsigned) : unsigned < nextId;
  }

  // --- ... over data ...

  /// Takes `count` bytes from the buffer for the stream, or leaves them where they are to be
  /// dropped.
  ///
  /// @param mine whether the buffer's array may be kept
  /// @return whether it was kept
  boolean deliver(@Nullable StreamState stream, ByteBuffer source, int count, boolean mine) {
    if (stream == null || stream.inputClosed || stream.ended != null) {
      return false;
    }
    if (buffered + count > params.bufferedBytesMax()) {
      reset(stream, "more than " + params.bufferedBytesMax() + " bytes wait to be read");
      return false;
    }
    boolean kept = mine && stream.in.keep(source, count);
    if (!kept) {
      stream.in.add(source, count);
    }
    buffered += count;
    if (!stream.arrived) {
      stream.arrived = true;
      arrived.addLast(stream);
    }
    arrivedBytes += count;
    if (arrivedBytes >= ARRIVED_BYTES_MAX) {
      wakeReaders();
    }
    return kept;
  }

  /// Wakes the readers of the streams that data was delivered to. A wake-up costs about as much as
  /// the decryption of 64 KiB, so it waits until all that came in one go is delivered.
  void wakeReaders() {
    arrivedBytes = 0;
    for (StreamState stream = arrived.pollFirst(); stream != null; stream = arrived.pollFirst()) {
      stream.arrived = false;
      stream.readable.signal();
    }
  }

  /// The owner has read bytes; true when credit is due.
  boolean read(StreamState stream, int count) {
    buffered -= count;
    if (stream.window.read(count) && !stream.finReceived && stream.ended == null) {
      outbox.attention(stream);
      return true;
    }
    return false;
  }

  // --- ... to the end

  void finReceived(@Nullable StreamState stream) {
    if (stream == null || stream.finReceived || stream.ended != null) {
      return;
    }
    stream.finReceived = true;
    stream.readable.signalAll();
    if (stream.complete()) {
      remove(stream);
    }
  }

  private void finSent(StreamState stream) {
    if (stream.complete()) {
      remove(stream);
    } else if (stream.inputClosed) {
      linger(stream);
    }
  }

  void closeWrite(StreamState stream) {
    if (!stream.finSent && !stream.finDue && stream.ended == null) {
      stream.finDue = true;
      outbox.attention(stream);
      stream.writable.signalAll();
    }
  }

  /// Ends both halves from our side; a stream that the peer does not end lingers for a while, so
  /// that what it still sends is dropped in peace.
  void close(StreamState stream, long nowNanos) {
    if (stream.inputClosed) {
      return;
    }
    stream.inputClosed = true;
    stream.closedNanos = nowNanos;
    buffered -= stream.in.clear();
    closeWrite(stream);
    if (stream.finSent && !stream.finReceived && stream.ended == null) {
      linger(stream);
    }
    stream.wake();
  }

  private void linger(StreamState stream) {
    lingering.addLast(stream);
    if (lingering.size() > LINGERING_MAX) {
      reset(lingering.removeFirst(), NOT_ENDED);
    }
  }

  /// Resets streams that the peer should have ended long ago.
  void tick(long nowNanos) {
    while (!lingering.isEmpty() && nowNanos - lingering.getFirst().closedNanos > LINGER_NANOS) {
      reset(lingering.removeFirst(), NOT_ENDED);
    }
  }

  void reset(StreamState stream, String reason) {
    boolean tell = stream.ended == null && !stream.complete() && !stream.synDue;
    remove(stream);
    drop(stream, reason);
    if (tell) {
      stream.rstDue = true;
      outbox.attention(stream);
    }
  }

  void resetByPeer(StreamState stream) {
    remove(stream);
    drop(stream, "the peer has reset the stream");
  }

  private void drop(StreamState stream, String reason) {
    buffered -= stream.in.clear();
    stream.end(reason);
  }

  private void remove(StreamState stream) {
    if (!streams.remove(stream.id, stream)) {
      return;
    }
    stream.window.release();
    lingering.remove(stream);
    if (stream.outbound) {
      acknowledge(stream);
    } else if (!stream.acknowledged) {
      backlog.remove(stream);
    }
  }

  /// Ends all streams because the connection has gone. What was received can still be read.
  void endAll(String reason) {
    streams.values().forEach(stream -> stream.end(reason));
    streams.clear();
    lingering.clear();
    backlog.clear();
    wakeAll();
  }

  /// Wakes everybody who waits, to look again at the session's state.
  void wakeAll() {
    streams.values().forEach(StreamState::wake);
    acceptable.signalAll();
    openable.signalAll();
  }

  Outbox outbox() {
    return outbox;
  }

  Growth growth() {
    return growth;
  }

  int size() {
    return streams.size();
  }

  long bufferedBytes() {
    return buffered;
  }

  int lingering() {
    return lingering.size();
  }
}
