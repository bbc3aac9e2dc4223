package dev.cairn.libp2p.kad;

import java.time.Duration;
import java.util.List;

/// The routing table at one moment.
///
/// @param self the key of this node
/// @param buckets those that are not empty, the farthest half of the key space first
public record TableSnapshot(KadKey self, List<Bucket> buckets) {

  public TableSnapshot {
    buckets = List.copyOf(buckets);
  }

  /// Peers that share as many leading bits with this node's key.
  ///
  /// @param prefix those bits, 0 to 255
  /// @param peers the one heard of last at the end
  /// @param waiting peers that wait for a place
  public record Bucket(int prefix, List<Entry> peers, int waiting) {
    public Bucket {
      peers = List.copyOf(peers);
    }
  }

  /// @param silent since it answered or connected last
  /// @param failures requests in a row that it left unanswered since
  public record Entry(PeerAddresses peer, Duration silent, int failures) {}

  /// Peers in all buckets.
  public int size() {
    return buckets.stream().mapToInt(bucket -> bucket.peers().size()).sum();
  }
}
