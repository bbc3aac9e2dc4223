package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.upgrade.UpgradeParams;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the session knows of one stream.
///
/// Owner: the session, under the connection's lock, except for the fields that never change.
final class StreamState {

  final int id;
  final boolean outbound;

  /// Signalled when a read may go on.
  final Condition readable;

  /// Signalled when a write may go on.
  final Condition writable;

  final SendQueue out;
  final ReceiveQueue in;
  final ReceiveWindow window;

  /// What we may still send; only data bytes count.
  long sendWindow = UpgradeParams.WINDOW_BYTES_FIRST;

  /// Frames that wait to be sent.
  boolean synDue;

  boolean ackDue;
  boolean finDue;
  boolean rstDue;

  /// Whether the other side has taken the stream: the peer ours, or we the peer's.
  boolean acknowledged;

  boolean finSent;
  boolean finReceived;

  /// Whether our side has given up reading: what still comes is dropped.
  boolean inputClosed;

  /// Why nothing more can be read or written.
  @Nullable String ended;

  /// Whether the stream waits in one of the outbox's lines.
  boolean attention;

  boolean ready;

  /// Whether data came for which the reader was not yet woken.
  boolean arrived;

  long closedNanos;

  StreamState(int id, boolean outbound, YamuxBuffers buffers, Growth growth, ReentrantLock lock) {
    this.id = id;
    this.outbound = outbound;
    this.synDue = outbound;
    this.out = new SendQueue(buffers.sending());
    this.in = new ReceiveQueue(buffers.received());
    this.window = new ReceiveWindow(growth);
    this.readable = lock.newCondition();
    this.writable = lock.newCondition();
  }

  long unsignedId() {
    return id & 0xffff_ffffL;
  }

  boolean sendable() {
    return out.size() > 0 && sendWindow > 0 && ended == null;
  }

  /// Whether both halves were closed and nothing more can come or go.
  boolean complete() {
    return finSent && finReceived;
  }

  /// Ends the stream and wakes whoever waits. What was received but not read is lost when the
  /// stream was reset, and kept when only the connection has gone.
  void end(String reason) {
    if (ended == null) {
      ended = reason;
    }
    out.clear();
    wake();
  }

  void wake() {
    readable.signalAll();
    writable.signalAll();
  }
}
