package dev.cairn.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/// How long transactions took from their submission to final as the node itself counts it: the
/// histogram `cairn_submission_final_seconds` of its `/metrics`.
///
/// @param steps bounds, ascending, each with how many took no longer
record NodeTimes(List<Step> steps) {

  private static final String BUCKET = "cairn_submission_final_seconds_bucket{le=\"";

  /// @param count of all that took at most `seconds`
  record Step(double seconds, long count) {}

  static NodeTimes of(String url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url).resolve("/metrics")).build();
    List<Step> steps = new ArrayList<>();
    try (HttpClient client = HttpClient.newHttpClient()) {
      String text = client.send(request, HttpResponse.BodyHandlers.ofString()).body();
      for (String line : text.lines().filter(l -> l.startsWith(BUCKET)).toList()) {
        String[] parts = line.substring(BUCKET.length()).split("\"} ", 2);
        double bound =
            parts[0].equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(parts[0]);
        steps.add(new Step(bound, Long.parseLong(parts[1])));
      }
    }
    return new NodeTimes(steps);
  }

  /// What has been counted since.
  NodeTimes since(NodeTimes before) {
    List<Step> left = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      left.add(new Step(step.seconds(), step.count() - before.steps.get(i).count()));
    }
    return new NodeTimes(left);
  }

  /// The time that a part of all did not exceed, in milliseconds; within a step as if they were
  /// spread evenly over it.
  double millis(double part) {
    double wanted = part * steps.getLast().count();
    double from = 0;
    long below = 0;
    for (Step step : steps) {
      if (step.count() >= wanted && step.count() > below) {
        double share = (wanted - below) / (step.count() - below);
        return 1e3 * (from + share * (step.seconds() - from));
      }
      from = step.seconds();
      below = step.count();
    }
    return Double.NaN;
  }
}
