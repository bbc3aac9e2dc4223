package dev.cairn.libp2p.kad;

import java.time.Duration;

/// How the routing table is kept.
///
/// @param bucketSize k: peers of one bucket, and peers told in an answer
/// @param waitingMax peers of one bucket that wait for a place in it
/// @param groupPerBucketMax peers of one network (IPv4 /24, IPv6 /48) in one bucket
/// @param groupPerTableMax peers of one network in the whole table
/// @param exemptLoopback whether loopback addresses are free of those two: many nodes on one
///   computer
/// @param exemptPrivate the same for private networks, where whoever attacks sits in the same room
/// @param staleAfter how long a peer may be silent before it is asked whether it is still there,
///   when another wants its place
/// @param failuresMax requests in a row that a peer may leave unanswered when nobody waits for its
///   place: more than one, so that an outage of our own does not empty the table
public record TableParams(
    int bucketSize,
    int waitingMax,
    int groupPerBucketMax,
    int groupPerTableMax,
    boolean exemptLoopback,
    boolean exemptPrivate,
    Duration staleAfter,
    int failuresMax) {

  public static final TableParams STANDARD =
      new TableParams(20, 10, 2, 2, true, true, Duration.ofMinutes(10), 3);

  public TableParams {
    if (bucketSize < 1 || bucketSize > KadCodec.CLOSER_MAX || waitingMax < 0 || failuresMax < 1) {
      throw new IllegalArgumentException("buckets of " + bucketSize + ", waiting " + waitingMax);
    }
  }

  /// The same with other bounds on one network.
  public TableParams withGroups(int perBucket, int perTable) {
    return new TableParams(
        bucketSize,
        waitingMax,
        perBucket,
        perTable,
        exemptLoopback,
        exemptPrivate,
        staleAfter,
        failuresMax);
  }

  /// The same with other exemptions from those bounds.
  public TableParams withExempt(boolean loopback, boolean privateNetworks) {
    return new TableParams(
        bucketSize,
        waitingMax,
        groupPerBucketMax,
        groupPerTableMax,
        loopback,
        privateNetworks,
        staleAfter,
        failuresMax);
  }
}
