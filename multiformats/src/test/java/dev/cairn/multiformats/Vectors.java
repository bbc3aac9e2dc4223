package dev.cairn.multiformats;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// Lines of a resource beside the tests, without blank ones and comments.
final class Vectors {

  private Vectors() {}

  static List<String> lines(String resource) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Vectors.class.getResourceAsStream(resource), resource),
                StandardCharsets.UTF_8))) {
      List<String> lines =
          reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
      if (lines.isEmpty()) {
        throw new IllegalStateException("no vectors in " + resource);
      }
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<List<String>> rows(String resource) {
    return lines(resource).stream().map(line -> List.of(line.split(",", -1))).toList();
  }
}
