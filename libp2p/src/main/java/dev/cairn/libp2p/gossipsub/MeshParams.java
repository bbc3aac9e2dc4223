package dev.cairn.libp2p.gossipsub;

import java.time.Duration;

/// The shape of a topic's mesh (gossipsub v1.0 "Parameters", v1.1 "Overview of New Parameters").
///
/// @param degree D: the peers that a mesh is filled up to, or cut down to
/// @param degreeLow D_lo: a mesh with fewer is filled
/// @param degreeHigh D_hi: a mesh with more is cut, and takes only peers that we dialled
/// @param degreeOutbound D_out: peers that we dialled which a mesh keeps; under D_lo, at most D/2
/// @param pruneBackoff how long neither side grafts again after a PRUNE
/// @param unsubscribeBackoff the same after leaving the topic
/// @param backoffMax the longest backoff that is believed
/// @param backoffSlack what is waited beyond a backoff, because the other side's clock and
///   heartbeat differ
/// @param backoffsMax backoffs kept for a topic; the oldest goes first
public record MeshParams(
    int degree,
    int degreeLow,
    int degreeHigh,
    int degreeOutbound,
    Duration pruneBackoff,
    Duration unsubscribeBackoff,
    Duration backoffMax,
    Duration backoffSlack,
    int backoffsMax) {

  public static final MeshParams STANDARD =
      new MeshParams(
          6,
          4,
          12,
          2,
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofHours(1),
          Duration.ofSeconds(2),
          4_096);

  public MeshParams {
    boolean ordered = 0 <= degreeLow && degreeLow <= degree && degree <= degreeHigh;
    boolean outbound =
        degreeOutbound == 0 || degreeOutbound < degreeLow && degreeOutbound <= degree / 2;
    if (!ordered || !outbound) {
      throw new IllegalArgumentException(
          "D "
              + degree
              + ", D_lo "
              + degreeLow
              + ", D_hi "
              + degreeHigh
              + ", D_out "
              + degreeOutbound);
    }
    if (backoffsMax < 1) {
      throw new IllegalArgumentException("backoffs for " + backoffsMax + " peers");
    }
  }
}
