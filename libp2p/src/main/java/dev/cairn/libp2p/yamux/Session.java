package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.upgrade.UpgradeParams;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The rules of yamux (`/yamux/1.0.0`) for one connection, with no thread, socket or clock of its
/// own: bytes come in through [#receive], and [#fill] says what goes out.
///
/// Every method is called under the lock that was handed in, because a hand-off to a thread of its
/// own would cost more than the work itself.
final class Session {

  private static final int NORMAL = 0;
  private static final int PROTOCOL_ERROR = 1;

  private final UpgradeParams params;
  private final StreamTable streams;
  private final Outbox outbox;
  private final RoundTrips roundTrips = new RoundTrips();
  private final FrameReader reader = new FrameReader();
  private boolean leaving;
  private boolean peerLeaving;
  private @Nullable IOException ended;

  /// Signalled when a ping is answered.
  final Condition answered;

  Session(UpgradeParams params, boolean dialer, YamuxBuffers buffers, ReentrantLock lock) {
    this.params = params;
    this.streams = new StreamTable(params, dialer, buffers, lock);
    this.outbox = streams.outbox();
    this.answered = lock.newCondition();
  }

  StreamTable streams() {
    return streams;
  }

  // --- what comes in

  /// Takes all that remains in the buffer: bytes as they arrive, in pieces of any size.
  ///
  /// @param mine whether the buffer's array is one of the pool of [YamuxBuffers#received()] and may
  ///   be kept
  /// @return whether it was kept
  /// @throws YamuxException when the peer breaks a rule; the session has then to [#fail]
  boolean receive(ByteBuffer source, boolean mine, long nowNanos) throws YamuxException {
    boolean kept = false;
    while (source.hasRemaining()) {
      if (reader.payloadLeft() > 0) {
        int count = (int) Math.min(reader.payloadLeft(), source.remaining());
        int end = source.position() + count;
        boolean last = count == source.remaining();
        kept = streams.deliver(reader.payloadStream(), source, count, mine && last);
        source.position(end);
        reader.payloadTaken(count);
        if (reader.payloadLeft() == 0 && reader.payloadEnds()) {
          streams.finReceived(reader.payloadStream());
        }
      } else {
        Frame frame = reader.header(source);
        if (frame != null) {
          onFrame(frame, nowNanos);
        }
      }
    }
    return kept;
  }

  /// All that came together has been taken: its readers are woken, once for the whole of it.
  void arrived() {
    streams.wakeReaders();
  }

  private void onFrame(Frame frame, long nowNanos) throws YamuxException {
    switch (frame.type()) {
      case Frame.PING -> onPing(frame, nowNanos);
      case Frame.GO_AWAY -> onGoAway();
      case Frame.DATA -> onData(frame, onFlags(frame), nowNanos);
      default -> onWindowUpdate(frame, onFlags(frame));
    }
  }

  private void onPing(Frame frame, long nowNanos) throws YamuxException {
    if (frame.has(Frame.SYN)) {
      outbox.answer(new Frame(Frame.PING, Frame.ACK, 0, frame.length()));
    } else if (frame.has(Frame.ACK)) {
      roundTrips
          .end(frame.length(), nowNanos)
          .ifPresent(probe -> streams.growth().measured(probe.nanos));
      answered.signalAll();
    }
  }

  private void onGoAway() {
    peerLeaving = true;
    streams.openable.signalAll();
  }

  /// Acts on SYN, ACK and RST, which may come together and with any length, and finds the stream of
  /// a frame; null when the rest of the frame is to be dropped.
  private @Nullable StreamState onFlags(Frame frame) throws YamuxException {
    if (frame.stream() == 0) {
      throw new YamuxException("a stream frame on stream 0");
    }
    StreamState stream = streams.find(frame.stream());
    if (frame.has(Frame.SYN)) {
      stream = streams.peerOpens(frame.stream(), leaving);
    } else if (stream == null && !streams.wasUsed(frame.stream())) {
      throw new YamuxException("a frame for a stream that was never opened");
    }
    if (stream == null) {
      return null;
    }
    streams.acknowledge(stream);
    if (frame.has(Frame.RST)) {
      streams.resetByPeer(stream);
      return null;
    }
    return stream;
  }

  private void onWindowUpdate(Frame frame, @Nullable StreamState stream) throws YamuxException {
    if (stream == null) {
      return;
    }
    long window = stream.sendWindow + frame.unsignedLength();
    if (window > 0xffff_ffffL) {
      throw new YamuxException("credit beyond 32 bits");
    }
    stream.sendWindow = window;
    outbox.ready(stream);
    if (frame.has(Frame.FIN)) {
      streams.finReceived(stream);
    }
  }

  private void onData(Frame frame, @Nullable StreamState stream, long nowNanos)
      throws YamuxException {
    long length = frame.unsignedLength();
    if (stream == null) {
      if (length > params.windowBytesMax()) {
        throw new YamuxException("data beyond any window");
      }
    } else if (length > 0 && stream.finReceived) {
      throw new YamuxException("data behind the end of a stream");
    } else if (!stream.window.admit(length, nowNanos)) {
      throw new YamuxException("data beyond the window of a stream");
    }
    reader.expectPayload(length, stream, frame.has(Frame.FIN));
    if (length == 0 && frame.has(Frame.FIN)) {
      streams.finReceived(stream);
    }
  }

  // --- what goes out

  /// Whether [#fill] has something to write.
  boolean pending() {
    return outbox.pending();
  }

  /// Puts frames into the target, as many as are due and fit; see [Outbox#fill].
  ByteBuffer fill(ByteBuffer target, long nowNanos) {
    return outbox.fill(target, nowNanos);
  }

  /// What the last [#fill] returned is used up.
  void filled() {
    outbox.filled();
  }

  /// Opens a stream; empty while the peer has taken too few of those before.
  ///
  /// @throws IOException when no stream can be opened any more
  Optional<StreamState> open() throws IOException {
    check();
    if (peerLeaving) {
      throw new IOException("the peer takes no more streams");
    }
    return streams.open();
  }

  /// Takes the oldest stream that the peer opened, if one waits.
  ///
  /// @throws EOFException when the connection was closed by either side
  /// @throws IOException when it ended in any other way
  Optional<StreamState> accept() throws IOException {
    check();
    return streams.accept();
  }

  /// @throws EOFException when the connection was closed by either side
  /// @throws IOException when it ended in any other way
  void check() throws IOException {
    IOException cause = ended;
    if (cause instanceof EOFException) {
      throw new EOFException(cause.getMessage());
    }
    if (cause != null) {
      throw new IOException(cause.getMessage(), cause);
    }
  }

  /// Sends what opens or acknowledges the stream now, if that has not gone out yet.
  void announce(StreamState stream) {
    if (stream.ended == null && (stream.synDue || stream.ackDue)) {
      outbox.attention(stream);
    }
  }

  /// Data of the stream is in its queue.
  void written(StreamState stream) {
    outbox.ready(stream);
  }

  /// The stream's owner has read bytes: gives credit back when it is due, and measures the round
  /// trip that decides how far the window grows.
  void read(StreamState stream, int count, long nowNanos) {
    if (streams.read(stream, count) && roundTrips.stale(nowNanos)) {
      ping(nowNanos);
    }
  }

  /// Begins a ping; empty when too many are under way.
  Optional<RoundTrips.Probe> ping(long nowNanos) {
    Optional<RoundTrips.Probe> probe = roundTrips.begin(nowNanos);
    if (probe.isPresent()) {
      try {
        outbox.answer(new Frame(Frame.PING, Frame.SYN, 0, probe.get().value));
      } catch (YamuxException e) {
        roundTrips.forget(probe.get());
        return Optional.empty();
      }
    }
    return probe;
  }

  void forget(RoundTrips.Probe probe) {
    roundTrips.forget(probe);
  }

  // --- the end

  /// Ends the session from our side: what is queued still goes out, then a go-away.
  void leave() {
    if (!leaving) {
      leaving = true;
      outbox.goAway(NORMAL);
      end(new EOFException("the connection was closed"));
    }
  }

  /// Ends the session and its streams because of a fault, or because the peer has gone; a fault of
  /// the peer's is told to it.
  void fail(IOException cause) {
    leaving = true;
    outbox.clear();
    if (cause instanceof YamuxException) {
      outbox.goAway(PROTOCOL_ERROR);
    }
    end(cause);
    streams.endAll(String.valueOf(cause.getMessage()));
  }

  private void end(IOException cause) {
    if (ended == null) {
      ended = cause;
    }
    streams.wakeAll();
    answered.signalAll();
  }

  boolean isEnded() {
    return ended != null;
  }
}
