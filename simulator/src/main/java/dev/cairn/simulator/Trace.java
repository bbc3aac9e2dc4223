package dev.cairn.simulator;

import dev.cairn.crypto.Sha256;
import dev.cairn.multiformats.Hex;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Everything that happened, as one hash, and the last lines of it for a person.
///
/// Owner: the [Simulation].
final class Trace {

  static final int LINES_KEPT_MAX = 400;

  private final MessageDigest digest = Sha256.newDigest();
  private final Deque<String> last = new ArrayDeque<>();
  private long lines;

  void line(long nanos, String who, String what) {
    String line = nanos / 1_000 + " us " + who + " " + what;
    digest.update(line.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
    lines++;
    last.addLast(line);
    if (last.size() > LINES_KEPT_MAX) {
      last.removeFirst();
    }
  }

  long lines() {
    return lines;
  }

  List<String> last() {
    return List.copyOf(last);
  }

  /// The hash of all lines; ends the trace.
  String hash() {
    return Hex.encode(digest.digest());
  }
}
