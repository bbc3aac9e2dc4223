package dev.cairn.simulator.dht;

import java.util.List;

/// What a run showed.
///
/// @param kinds look-ups of each kind
/// @param tablePeers peers in a routing table, the median
/// @param attackerSlotsMax slots of the attacker in the table where it has most
/// @param attackerSlotsMean the same on average
/// @param requests requests of all nodes
/// @param steps events of the simulation
/// @param virtualSeconds how long the network ran
/// @param traceHash everything that happened; the same for the same scenario
public record DhtReport(
    List<Kind> kinds,
    int tablePeers,
    int attackerSlotsMax,
    double attackerSlotsMean,
    long requests,
    long steps,
    long virtualSeconds,
    String traceHash) {

  public DhtReport {
    kinds = List.copyOf(kinds);
  }

  /// Look-ups of one kind.
  ///
  /// @param name what was looked for
  /// @param asked look-ups whose answer existed from their beginning to their end
  /// @param found those of them that found it
  /// @param hopsMedian requests in a row that led there
  /// @param requestsMedian requests in all
  /// @param millisMedian how long it took
  public record Kind(
      String name,
      int asked,
      int found,
      int hopsMedian,
      int hopsP99,
      int requestsMedian,
      int requestsP99,
      long millisMedian,
      long millisP99) {

    /// Found of a thousand.
    public int perMille() {
      return asked == 0 ? 0 : (int) (1_000L * found / asked);
    }
  }
}
