package dev.cairn.node.metrics;

import java.util.Map;
import java.util.TreeMap;

/// Writes figures in the Prometheus text format 0.0.4. The figures live in the parts that count
/// them; this only prints them, so no registry is needed.
public final class PrometheusText {

  private final StringBuilder text = new StringBuilder(4_096);

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
