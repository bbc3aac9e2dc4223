package dev.cairn.libp2p.yamux;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the session has to send, in the order in which it goes: answers of the session, then what
/// streams have to say beside data, then data in turns. Under the connection's lock.
final class Outbox {

  /// Answers that wait while the peer does not read; a peer that causes more is flooding us.
  static final int ANSWERS_MAX = 2_048;

  /// The data of one frame while several streams wait for their turn.
  static final int CHUNK_SHARED = 16 << 10;

  /// The data of one frame while one stream has the connection to itself.
  static final int CHUNK_ALONE = 64 << 10;

  /// A data frame smaller than this is not begun in the last bytes of a batch.
  private static final int CHUNK_LEAST = 512;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ArrayDeque<Frame> answers = new ArrayDeque<>();
  private final ArrayDeque<StreamState> attention = new ArrayDeque<>();
  private final ArrayDeque<StreamState> ready = new ArrayDeque<>();
  private final Consumer<StreamState> finished;
  private int goAwayReason = -1;

  /// Whose bytes the last [#fill] left where they lie.
  private @Nullable SendQueue lender;

  /// @param finished told of each stream whose end has been sent
  Outbox(Consumer<StreamState> finished) {
    this.finished = finished;
  }

  /// Queues a frame of the session itself.
  ///
  /// @throws YamuxException when too many wait
  void answer(Frame frame) throws YamuxException {
    if (answers.size() >= ANSWERS_MAX) {
      throw new YamuxException("more than " + ANSWERS_MAX + " answers wait to be read");
    }
    answers.addLast(frame);
  }

  /// Puts a stream in line that has flags, credit or an end to send.
  void attention(StreamState stream) {
    if (!stream.attention) {
      stream.attention = true;
      attention.addLast(stream);
    }
  }

  /// Puts a stream in line that has data and room for it.
  void ready(StreamState stream) {
    if (!stream.ready && stream.sendable()) {
      stream.ready = true;
      ready.addLast(stream);
    }
  }

  /// Sends a go-away as the last frame of all.
  void goAway(int reason) {
    if (goAwayReason < 0) {
      goAwayReason = reason;
    }
  }

  /// Drops everything but the go-away, for an ending in which nothing else makes sense.
  void clear() {
    answers.clear();
    attention.clear();
    ready.clear();
  }

  boolean pending() {
    return !answers.isEmpty() || !attention.isEmpty() || !ready.isEmpty() || goAwayReason >= 0;
  }

  /// Puts frames into the target, as many as are due and fit. The data of a last large frame may
  /// stay in the ring of its stream until [#filled].
  ///
  /// @return that data, to be sent behind the target's; nothing remains in it when there is none
  ByteBuffer fill(ByteBuffer target, long nowNanos) {
    filled();
    while (target.remaining() >= Frame.BYTES && !answers.isEmpty()) {
      answers.removeFirst().encode(target);
    }
    while (target.remaining() >= 2 * Frame.BYTES && !attention.isEmpty()) {
      signal(attention.removeFirst(), target, nowNanos);
    }
    while (target.remaining() >= 2 * Frame.BYTES + CHUNK_LEAST && !ready.isEmpty()) {
      int chunk = ready.size() > 1 ? CHUNK_SHARED : CHUNK_ALONE;
      StreamState stream = ready.removeFirst();
      stream.ready = false;
      ByteBuffer tail = data(stream, target, Math.min(chunk, target.remaining() - 2 * Frame.BYTES));
      ready(stream);
      if (tail.hasRemaining()) {
        return tail;
      }
    }
    boolean last = answers.isEmpty() && attention.isEmpty() && ready.isEmpty();
    if (last && goAwayReason >= 0 && target.remaining() >= Frame.BYTES) {
      new Frame(Frame.GO_AWAY, 0, 0, goAwayReason).encode(target);
      goAwayReason = -1;
    }
    return NOTHING;
  }

  /// What the last [#fill] returned is used up.
  void filled() {
    if (lender != null) {
      lender.handBack();
      lender = null;
    }
  }

  private void signal(StreamState stream, ByteBuffer target, long nowNanos) {
    stream.attention = false;
    if (stream.rstDue) {
      stream.rstDue = false;
      new Frame(Frame.WINDOW_UPDATE, Frame.RST, stream.id, 0).encode(target);
      return;
    }
    if (stream.ended != null) {
      return;
    }
    int credit = stream.finReceived ? 0 : stream.window.takeCredit(nowNanos);
    if (credit > 0 || ((stream.synDue || stream.ackDue) && !stream.sendable())) {
      new Frame(Frame.WINDOW_UPDATE, opening(stream), stream.id, credit).encode(target);
    }
    finish(stream, target);
  }

  private ByteBuffer data(StreamState stream, ByteBuffer target, int room) {
    if (stream.ended != null) {
      return NOTHING;
    }
    int count = (int) Math.min(Math.min(room, stream.out.size()), stream.sendWindow);
    boolean blocked = stream.out.blocked();
    ByteBuffer tail = stream.out.handOut(count);
    if (tail.hasRemaining()) {
      lender = stream.out;
      count = tail.remaining();
    }
    stream.sendWindow -= count;
    new Frame(Frame.DATA, opening(stream), stream.id, count).encode(target);
    if (!tail.hasRemaining()) {
      stream.out.take(target, count);
    }
    if (blocked && !stream.out.blocked()) {
      stream.writable.signalAll();
    }
    if (!tail.hasRemaining()) {
      finish(stream, target);
    } else if (stream.finDue) {
      attention(stream);
    }
    return tail;
  }

  /// The end goes in a frame of its own: some stacks act on the flag before they read the data that
  /// comes with it, and lose that data.
  private void finish(StreamState stream, ByteBuffer target) {
    if (!stream.finDue || stream.out.size() > 0) {
      return;
    }
    stream.finDue = false;
    stream.finSent = true;
    finished.accept(stream);
    new Frame(Frame.DATA, Frame.FIN, stream.id, 0).encode(target);
  }

  private static int opening(StreamState stream) {
    int flags = (stream.synDue ? Frame.SYN : 0) | (stream.ackDue ? Frame.ACK : 0);
    stream.synDue = false;
    stream.ackDue = false;
    return flags;
  }
}
