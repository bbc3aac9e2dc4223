package dev.cairn.simulator;

import java.util.List;

/// Ten regions of the world and the time that a packet takes between them: half of the round trips
/// that cloud providers publish for their data centres, rounded to milliseconds.
public final class Regions {

  /// Their names, in the order of the table.
  public static final List<String> NAMES =
      List.of(
          "Virginia",
          "Oregon",
          "Sao Paulo",
          "Ireland",
          "Frankfurt",
          "Cape Town",
          "Mumbai",
          "Singapore",
          "Tokyo",
          "Sydney");

  /// Round trips in milliseconds, above the diagonal.
  private static final List<List<Integer>> ROUND_TRIPS =
      List.of(
          List.of(64, 115, 68, 90, 226, 190, 215, 148, 200),
          List.of(176, 120, 141, 276, 218, 162, 97, 140),
          List.of(177, 203, 340, 300, 325, 256, 312),
          List.of(25, 160, 122, 176, 201, 256),
          List.of(155, 112, 156, 226, 286),
          List.of(257, 290, 356, 410),
          List.of(57, 121, 150),
          List.of(68, 92),
          List.of(105),
          List.of());

  /// Within a region, in microseconds.
  private static final int LOCAL_MICROS = 500;

  private Regions() {}

  /// Microseconds from one node to another, when node i is in region i modulo 10.
  static long micros(int from, int to) {
    int a = Math.min(from % NAMES.size(), to % NAMES.size());
    int b = Math.max(from % NAMES.size(), to % NAMES.size());
    return a == b ? LOCAL_MICROS : 500L * ROUND_TRIPS.get(a).get(b - a - 1);
  }
}
