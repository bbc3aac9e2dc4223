package dev.cairn.simulator;

import dev.cairn.crypto.Sha256;
import dev.cairn.multiformats.Hex;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Everything that happened, as one hash, and the last of it for a person. Lines are put into words
/// only when somebody wants to read them.
///
/// Owner: the simulated world.
public final class Trace {

  public static final int LINES_KEPT_MAX = 200;

  /// What is shown of one line.
  private static final int CHARS_MAX = 200;

  private static final int NUMBERS_BYTES = 12;

  private record Line(long nanos, int who, Object what) {}

  private final MessageDigest digest = Sha256.newDigest();
  private final byte[] numbers = new byte[NUMBERS_BYTES];
  private final Deque<Line> last = new ArrayDeque<>();

  public Trace() {}

  /// @param who a node's number, or -1 for the simulation itself
  public void line(long nanos, int who, String what) {
    line(nanos, who, what, what.getBytes(StandardCharsets.UTF_8));
  }

  /// @param what is shown to a person
  /// @param content goes into the hash
  public void line(long nanos, int who, Object what, byte[] content) {
    for (int i = 0; i < Long.BYTES; i++) {
      numbers[i] = (byte) (nanos >>> (8 * i));
    }
    numbers[8] = (byte) who;
    numbers[9] = (byte) content.length;
    numbers[10] = (byte) (content.length >>> 8);
    numbers[11] = (byte) (content.length >>> 16);
    digest.update(numbers);
    digest.update(content);
    if (last.size() == LINES_KEPT_MAX) {
      last.removeFirst();
    }
    last.addLast(new Line(nanos, who, what));
  }

  /// The last things that happened, for a person.
  public List<String> last() {
    return last.stream().map(Trace::words).toList();
  }

  private static String words(Line line) {
    String what = line.what.toString();
    String shown = what.length() > CHARS_MAX ? what.substring(0, CHARS_MAX) + "..." : what;
    return line.nanos / 1_000 + " us " + (line.who < 0 ? "-" : "n" + line.who) + " " + shown;
  }

  /// The hash of all lines; ends the trace.
  public String hash() {
    return Hex.encode(digest.digest());
  }
}
