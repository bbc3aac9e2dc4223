package dev.cairn.node.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

  @Test
  void a_histogram_counts_what_took_no_longer_than_each_bound() {
    Durations durations = new Durations();
    durations.add(Duration.ZERO);
    durations.add(Duration.ofNanos(1_000_001)); // over a millisecond
    durations.add(Duration.ofMillis(3));
    durations.add(Duration.ofMinutes(2));
    List<String> lines =
        new PrometheusText()
            .histogram("took_seconds", "Time.", durations)
            .toString()
            .lines()
            .toList();
    assertEquals("# HELP took_seconds Time.", lines.get(0));
    assertEquals("# TYPE took_seconds histogram", lines.get(1));
    assertEquals("took_seconds_bucket{le=\"0.001\"} 1", lines.get(2));
    assertEquals("took_seconds_bucket{le=\"0.0015\"} 2", lines.get(3));
    assertEquals("took_seconds_bucket{le=\"0.002\"} 2", lines.get(4));
    assertEquals("took_seconds_bucket{le=\"0.003\"} 3", lines.get(5));
    assertTrue(lines.contains("took_seconds_bucket{le=\"60\"} 3"));
    assertTrue(lines.contains("took_seconds_bucket{le=\"+Inf\"} 4"));
    assertTrue(lines.contains("took_seconds_sum 120.004000001"));
    assertEquals("took_seconds_count 4", lines.getLast());
  }
}
