package dev.cairn.libp2p.yamux;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.secure.Chunks;
import dev.cairn.libp2p.upgrade.UpgradeParams;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When the reader of a stream is woken: once for all that came together.
@Timeout(30)
class ReaderWakeTest {

  private static final int PIECE = 64 << 10;

  private final ReentrantLock lock = new ReentrantLock();
  private final Session session =
      new Session(UpgradeParams.defaults(), false, YamuxBuffers.of(new Chunks(64 << 10, 8)), lock);

  @BeforeEach
  void begin() {
    lock.lock();
  }

  @AfterEach
  void end() {
    session.fail(new IOException("over"));
    lock.unlock();
  }

  /// A stream of the peer's whose reader waits.
  private StreamState awaited() throws IOException {
    session.receive(Yamux.frame(Frame.DATA, Frame.SYN, 1, 0, new byte[0]), false, 1);
    StreamState stream = session.accept().orElseThrow();
    Thread.startVirtualThread(
        () -> {
          lock.lock();
          try {
            while (stream.in.size() == 0 && stream.ended == null) {
              stream.readable.awaitUninterruptibly();
            }
          } finally {
            lock.unlock();
          }
        });
    while (!lock.hasWaiters(stream.readable)) {
      lock.unlock();
      Thread.onSpinWait();
      lock.lock();
    }
    return stream;
  }

  private void data(int count) throws YamuxException {
    data(1, 0, count);
  }

  private void data(int stream, int flags, int count) throws YamuxException {
    session.receive(Yamux.frame(Frame.DATA, flags, stream, count, new byte[count]), false, 1);
  }

  @Test
  void a_reader_sleeps_until_all_that_came_together_is_taken() throws IOException {
    StreamState stream = awaited();
    data(PIECE);
    data(1);
    assertTrue(lock.hasWaiters(stream.readable));
    session.arrived();
    assertFalse(lock.hasWaiters(stream.readable));
  }

  @Test
  void a_reader_does_not_sleep_through_a_long_run() throws IOException {
    StreamState stream = awaited();
    data(PIECE);
    // The run is longer than a stream's first window, and the data of others counts too.
    int other = 1;
    for (int taken = 2 * PIECE; taken < StreamTable.ARRIVED_BYTES_MAX; taken += PIECE) {
      other += 2;
      data(other, Frame.SYN, PIECE);
    }
    assertTrue(lock.hasWaiters(stream.readable));
    data(PIECE);
    assertFalse(lock.hasWaiters(stream.readable));
  }

  @Test
  void the_end_of_a_stream_wakes_its_reader_at_once() throws IOException {
    StreamState stream = awaited();
    session.receive(Yamux.frame(Frame.DATA, Frame.FIN, 1, 0, new byte[0]), false, 1);
    assertFalse(lock.hasWaiters(stream.readable));
  }
}
