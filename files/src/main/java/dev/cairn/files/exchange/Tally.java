package dev.cairn.files.exchange;

import dev.cairn.files.bitswap.Standing;
import dev.cairn.libp2p.peer.PeerId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What each peer has done for a download. Guarded by the download's lock.
final class Tally {

  /// The peers that are reported; those who did nothing make room for others.
  private static final int PEERS_MAX = 512;

  private static final class Line {
    long bytes;
    long blocks;
    SourceState state = SourceState.ASKED;
    String why = "";
  }

  private final Map<PeerId, Line> lines = new LinkedHashMap<>();
  private long bytes;

  void delivered(PeerId peer, int size) {
    Line line = line(peer);
    line.bytes += size;
    line.blocks++;
    bytes += size;
    if (line.state == SourceState.ASKED || line.state == SourceState.SLOW) {
      line.state = SourceState.ACTIVE;
      line.why = "";
    }
  }

  void standing(PeerId peer, Standing standing, String why) {
    Line line = line(peer);
    line.state =
        switch (standing) {
          case ASKED -> SourceState.ASKED;
          case LACKS -> SourceState.LACKS;
          case COMPLETE, PARTIAL -> SourceState.ACTIVE;
          case SLOW -> SourceState.SLOW;
          case STALLED -> SourceState.STALLED;
          case LIED -> SourceState.LIED;
          case GONE -> SourceState.GONE;
        };
    line.why = why;
  }

  private Line line(PeerId peer) {
    if (lines.size() >= PEERS_MAX && !lines.containsKey(peer)) {
      lines.values().removeIf(line -> line.bytes == 0);
    }
    return lines.computeIfAbsent(peer, p -> new Line());
  }

  long bytes() {
    return bytes;
  }

  /// Whether anybody has it, or a part of it.
  boolean anyActive() {
    return any(SourceState.ACTIVE) || any(SourceState.SLOW);
  }

  /// Whether anybody is in that state.
  boolean any(SourceState state) {
    return lines.values().stream().anyMatch(line -> line.state == state);
  }

  /// How many peers were asked.
  int peers() {
    return lines.size();
  }

  List<SourceReport> reports() {
    return lines.entrySet().stream()
        .map(
            entry -> {
              Line line = entry.getValue();
              return new SourceReport(
                  entry.getKey(), line.bytes, line.blocks, line.state, line.why);
            })
        .sorted(
            Comparator.comparingLong(SourceReport::bytes)
                .reversed()
                .thenComparing(report -> report.peer().toString()))
        .toList();
  }
}
