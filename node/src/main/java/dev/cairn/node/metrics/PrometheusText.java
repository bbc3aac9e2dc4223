package dev.cairn.node.metrics;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/// Writes figures in the Prometheus text format 0.0.4. The figures live in the parts that count
/// them; this only prints them, so no registry is needed.
public final class PrometheusText {

  private final StringBuilder text = new StringBuilder(4_096);

  /// Empty.
  public PrometheusText() {}

  public PrometheusText counter(String name, String help, long value) {
    return metric(name, help, "counter").sample(name, Map.of(), value);
  }

  public PrometheusText gauge(String name, String help, long value) {
    return metric(name, help, "gauge").sample(name, Map.of(), value);
  }

  /// A counter with one sample a label value.
  public PrometheusText counters(String name, String help, String label, Map<String, Long> values) {
    metric(name, help, "counter");
    new TreeMap<>(values).forEach((key, value) -> sample(name, Map.of(label, key), value));
    return this;
  }

  /// How long something took, as a histogram in seconds.
  public PrometheusText histogram(String name, String help, Durations durations) {
    metric(name, help, "histogram");
    long count = 0;
    for (int step = 0; step < Durations.steps(); step++) {
      count += durations.count(step);
      sample(name + "_bucket", Map.of("le", seconds(Durations.boundSeconds(step))), count);
    }
    count += durations.count(Durations.steps());
    sample(name + "_bucket", Map.of("le", "+Inf"), count);
    text.append(name).append("_sum ").append(seconds(durations.sumSeconds())).append('\n');
    return sample(name + "_count", Map.of(), count);
  }

  private static String seconds(double seconds) {
    return BigDecimal.valueOf(seconds).stripTrailingZeros().toPlainString();
  }

  /// The constant 1 with what there is to say as labels, as Prometheus does for versions.
  public PrometheusText info(String name, String help, Map<String, String> labels) {
    return metric(name, help, "gauge").sample(name, labels, 1);
  }

  private PrometheusText metric(String name, String help, String type) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    return this;
  }

  private PrometheusText sample(String name, Map<String, String> labels, long value) {
    text.append(name);
    String separator = "{";
    for (var label : new TreeMap<>(labels).entrySet()) {
      text.append(separator).append(label.getKey()).append("=\"");
      text.append(escape(label.getValue())).append('"');
      separator = ",";
    }
    text.append(labels.isEmpty() ? " " : "} ").append(value).append('\n');
    return this;
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
