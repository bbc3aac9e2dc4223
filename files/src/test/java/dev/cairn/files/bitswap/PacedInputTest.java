package dev.cairn.files.bitswap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PacedInputTest {

  private static final InboundLimits LIMITS = InboundLimits.STANDARD;

  private long nanos;
  private long deadlineNanos = Long.MAX_VALUE;
  private final PacedInput paced =
      new PacedInput(new Trickle(), d -> deadlineNanos = d.toNanos(), LIMITS, () -> nanos);
  private int bytesPerRead = 1;
  private long readNanos = TimeUnit.SECONDS.toNanos(1);

  /// A peer that sends so many bytes so often.
  private final class Trickle extends InputStream {
    @Override
    public int read() {
      throw new AssertionError("read as bytes");
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      nanos += Math.min(readNanos, deadlineNanos);
      if (readNanos > deadlineNanos) {
        throw new SocketTimeoutException();
      }
      return Math.min(bytesPerRead, length);
    }
  }

  /// Reads within one message until it ends or so much time has gone.
  private void read(Duration most) throws IOException {
    byte[] buffer = new byte[4_096];
    while (nanos < most.toNanos()) {
      assertEquals(bytesPerRead, paced.read(buffer, 0, buffer.length));
    }
  }

  @Test
  void a_byte_a_second_of_a_message_is_given_up_and_a_slow_line_is_not() throws IOException {
    assertThrows(PacedInput.StalledException.class, () -> read(Duration.ofHours(1)));
    assertEquals(LIMITS.interval().toSeconds() + 2, TimeUnit.NANOSECONDS.toSeconds(nanos));
    nanos = 0;
    bytesPerRead = LIMITS.bytesMin() / (int) LIMITS.interval().toSeconds() + 1;
    paced.ended(true);
    read(Duration.ofHours(1));
  }

  @Test
  void a_message_that_stops_is_given_up() throws IOException {
    assertEquals(0, paced.read());
    readNanos = Long.MAX_VALUE;
    assertThrows(PacedInput.StalledException.class, paced::read);
  }

  @Test
  void what_is_done_here_meanwhile_does_not_count() throws IOException {
    bytesPerRead = LIMITS.bytesMin() / 2;
    byte[] buffer = new byte[4_096];
    for (int i = 0; i < 10; i++) {
      assertEquals(bytesPerRead, paced.read(buffer, 0, buffer.length));
      nanos += Duration.ofHours(1).toNanos();
    }
  }

  @Test
  void silence_between_messages_has_an_end_which_empty_messages_do_not_put_off()
      throws IOException {
    for (int i = 0; i < 10_000; i++) {
      paced.read();
      paced.ended(true);
    }
    nanos = 0;
    IOException e =
        assertThrows(
            IOException.class,
            () -> {
              for (int i = 0; i < 10_000; i++) {
                paced.read();
                paced.ended(false);
              }
            });
    assertFalse(e instanceof PacedInput.StalledException);
    assertEquals(LIMITS.idle().toSeconds() + 1, TimeUnit.NANOSECONDS.toSeconds(nanos));
    paced.ended(true);
    readNanos = Long.MAX_VALUE;
    assertFalse(
        assertThrows(IOException.class, paced::read) instanceof PacedInput.StalledException);
  }
}
