package dev.cairn.libp2p.kad;

import java.time.Duration;

/// How a look-up asks its way to a key.
///
/// @param alpha requests in flight of one look-up
/// @param paths d: disjoint paths, none of which hears what another one was told (S/Kademlia)
/// @param requestsMax requests of one look-up
/// @param pathRequestsMax requests of one path of it
/// @param candidatesMax peers that one look-up remembers
/// @param pathCandidatesMax peers that one path keeps in view, the nearest ones
/// @param bogusPerPeerMax peers that only one peer told of and that do not answer; with so many,
///   the rest of what it told is left out
/// @param groupMax peers of one public network (IPv4 /24, IPv6 /48) whose answers count in one
///   look-up
/// @param quorum valid values after which a value is taken without looking further
/// @param requestTimeout how long a peer may take to answer, the dial included
/// @param timeout how long a look-up may take as a whole
/// @param runningMax look-ups at once
/// @param waitingMax look-ups that wait for their turn; further ones fail
public record LookupParams(
    int alpha,
    int paths,
    int requestsMax,
    int pathRequestsMax,
    int candidatesMax,
    int pathCandidatesMax,
    int bogusPerPeerMax,
    int groupMax,
    int quorum,
    Duration requestTimeout,
    Duration timeout,
    int runningMax,
    int waitingMax) {

  public static final LookupParams STANDARD =
      new LookupParams(
          10,
          4,
          160,
          60,
          1_000,
          100,
          8,
          2,
          5,
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          8,
          1_024);

  public LookupParams {
    if (alpha < 1 || paths < 1 || requestsMax < 1 || pathRequestsMax < 1 || groupMax < 1) {
      throw new IllegalArgumentException("alpha " + alpha + ", " + paths + " paths");
    }
  }

  /// The same with other numbers of paths and of peers of one network.
  public LookupParams with(int disjointPaths, int groupMost) {
    return new LookupParams(
        alpha,
        disjointPaths,
        requestsMax,
        pathRequestsMax,
        candidatesMax,
        pathCandidatesMax,
        bogusPerPeerMax,
        groupMost,
        quorum,
        requestTimeout,
        timeout,
        runningMax,
        waitingMax);
  }

  /// The same with other times.
  public LookupParams withTimes(Duration request, Duration whole) {
    return new LookupParams(
        alpha,
        paths,
        requestsMax,
        pathRequestsMax,
        candidatesMax,
        pathCandidatesMax,
        bogusPerPeerMax,
        groupMax,
        quorum,
        request,
        whole,
        runningMax,
        waitingMax);
  }

  /// Requests in flight of one path.
  int pathAlpha() {
    return (alpha + paths - 1) / paths;
  }
}
