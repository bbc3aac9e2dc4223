package dev.cairn.files.bitswap;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Reads what a peer sends and gives it up when too little comes: within a message each interval of
/// waiting has to bring some bytes, and between messages there is an end to silence. Only waiting
/// for the peer counts, not what is done here with what it sent.
///
/// Owner: the thread that reads the stream.
final class PacedInput extends InputStream {

  /// A peer that began a message and sends next to nothing of it.
  static final class StalledException extends IOException {
    private static final long serialVersionUID = 1L;

    StalledException(String message) {
      super(message);
    }
  }

  private final InputStream in;
  private final Consumer<Duration> deadline;
  private final InboundLimits limits;
  private final LongSupplier nanos;
  private boolean between = true;
  private long idleNanos;
  private long waitedNanos;
  private int came;

  /// @param deadline sets the longest that one read waits, after which it throws a
  ///   [SocketTimeoutException]
  /// @param nanos the time
  PacedInput(
      InputStream in, Consumer<Duration> deadline, InboundLimits limits, LongSupplier nanos) {
    this.in = in;
    this.deadline = deadline;
    this.limits = limits;
    this.nanos = nanos;
    between();
  }

  /// A message has ended; the next may take its time.
  ///
  /// @param said whether there was anything in it: nobody holds a stream with empty messages
  void ended(boolean said) {
    if (said) {
      idleNanos = 0;
    }
    between();
  }

  private void between() {
    between = true;
    deadline.accept(limits.idle());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    long began = nanos.getAsLong();
    int n;
    try {
      n = in.read(target, offset, length);
    } catch (SocketTimeoutException e) {
      throw between ? idle() : stalled();
    }
    long waited = nanos.getAsLong() - began;
    if (between) {
      idleNanos += waited;
      if (idleNanos > limits.idle().toNanos()) {
        throw idle();
      }
      between = false;
      waitedNanos = 0;
      came = 0;
      deadline.accept(limits.interval());
    } else {
      pace(n, waited);
    }
    return n;
  }

  private void pace(int n, long waited) throws StalledException {
    waitedNanos += waited;
    came += Math.max(0, n);
    if (came >= limits.bytesMin()) {
      waitedNanos = 0;
      came = 0;
    } else if (n >= 0 && waitedNanos > limits.interval().toNanos()) {
      throw stalled();
    }
  }

  private IOException idle() {
    return new IOException("nothing was said for " + limits.idle().toSeconds() + " s");
  }

  private StalledException stalled() {
    return new StalledException(
        "less than "
            + limits.bytesMin()
            + " bytes of a message came in "
            + limits.interval().toSeconds()
            + " s");
  }
}
