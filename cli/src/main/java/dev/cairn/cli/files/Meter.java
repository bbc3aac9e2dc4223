package dev.cairn.cli.files;

import dev.cairn.cli.Terminal;
import dev.cairn.files.block.ByteSize;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// A line on standard error that shows how far something is, while that is a terminal. Called from
/// any thread.
final class Meter implements AutoCloseable {

  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int BAR_CHARS = 24;
  private static final int RATES = 20;

  private final PrintStream out;
  private final boolean shown;
  private final String what;
  private final long began = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final long[] times = new long[RATES];
  private final long[] marks = new long[RATES];
  private int samples;
  private long added;
  private long drawn = Long.MIN_VALUE;

  /// @param quiet never show anything
  Meter(String what, boolean quiet) {
    this(what, !quiet && isTerminal(), System.err);
  }

  Meter(String what, boolean shown, PrintStream out) {
    this.what = what;
    this.shown = shown;
    this.out = out;
  }

  /// Whether standard error is a terminal: the JDK tells it of the other two alone.
  private static boolean isTerminal() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return Terminal.console().isPresent();
    }
  }

  /// Counts bytes, of a total that is not known.
  void add(long bytes) {
    lock.lock();
    try {
      added += bytes;
      show(added, 0, 0);
    } finally {
      lock.unlock();
    }
  }

  /// Shows how far it is.
  ///
  /// @param total 0 where it is not known
  /// @param sources peers that give something; 0 shows none
  void show(long bytes, long total, int sources) {
    lock.lock();
    try {
      long now = System.nanoTime();
      if (!shown || drawn != Long.MIN_VALUE && now - drawn < EVERY_NANOS) {
        return;
      }
      drawn = now;
      out.print("\r\u001b[K" + line(bytes, total, sources, rate(bytes, now)));
      out.flush();
    } finally {
      lock.unlock();
    }
  }

  /// Bytes a second over the last few looks.
  private long rate(long bytes, long now) {
    int at = samples % RATES;
    int oldest = samples < RATES ? 0 : at;
    long since = samples == 0 ? began : times[oldest];
    long from = samples == 0 ? 0 : marks[oldest];
    times[at] = now;
    marks[at] = bytes;
    samples++;
    return now == since ? 0 : (long) ((bytes - from) * 1e9 / (now - since));
  }

  String line(long bytes, long total, int sources, long rate) {
    StringBuilder line = new StringBuilder(what).append("  ");
    if (total > 0) {
      int filled = (int) Math.min(BAR_CHARS, bytes * BAR_CHARS / total);
      line.append("\u2588".repeat(filled))
          .append("\u2591".repeat(BAR_CHARS - filled))
          .append(String.format(Locale.ROOT, " %3d %%  ", Math.min(100, bytes * 100 / total)));
    }
    line.append(ByteSize.shown(bytes));
    if (total > 0) {
      line.append(" of ").append(ByteSize.shown(total));
    }
    line.append("  ").append(ByteSize.shown(rate)).append("/s");
    if (sources > 0) {
      line.append("  ").append(sources).append(sources == 1 ? " source" : " sources");
    }
    if (total > bytes && rate > 0) {
      line.append("  ").append((total - bytes) / rate + 1).append(" s left");
    }
    return line.toString();
  }

  /// Clears the line.
  @Override
  public void close() {
    lock.lock();
    try {
      if (shown && drawn != Long.MIN_VALUE) {
        out.print("\r\u001b[K");
        out.flush();
      }
    } finally {
      lock.unlock();
    }
  }
}
