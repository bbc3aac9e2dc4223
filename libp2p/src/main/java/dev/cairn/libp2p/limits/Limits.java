package dev.cairn.libp2p.limits;

import java.time.Duration;

/// What one host spends on its peers. Every field has a negative control in the tests.
///
/// @param connections open connections in all, those in negotiation included
/// @param inbound of those, the ones that others dialled, those in negotiation included
/// @param negotiating inbound connections in their upgrade at once; above it they are closed before
///   any cryptography
/// @param perAddress connections from or to one IPv4 address or one IPv6 /56
/// @param exemptLoopback whether loopback addresses are free of `perAddress`: many nodes on one
///   computer
/// @param streams open streams in all, both directions
/// @param streamsPerPeer open inbound streams of one peer
/// @param highWater open connections above which the least useful ones are closed
/// @param lowWater how many stay then
/// @param grace how long a new connection is safe from that
/// @param dialsParallel addresses dialled at once, for all peers together
/// @param addressesPerDial addresses tried for one peer
public record Limits(
    int connections,
    int inbound,
    int negotiating,
    int perAddress,
    boolean exemptLoopback,
    int streams,
    int streamsPerPeer,
    int highWater,
    int lowWater,
    Duration grace,
    int dialsParallel,
    int addressesPerDial) {

  public static final Limits STANDARD =
      new Limits(128, 64, 64, 8, true, 2_048, 256, 112, 96, Duration.ofSeconds(20), 32, 8);

  public Limits {
    if (connections < 1 || inbound < 0 || negotiating < 1 || perAddress < 1 || streams < 1) {
      throw new IllegalArgumentException("a limit below one");
    }
    if (lowWater > highWater) {
      throw new IllegalArgumentException("low water " + lowWater + " above high " + highWater);
    }
  }

  /// The same with other bounds on connections: for hosts with many peers, and for tests.
  public Limits withConnections(int all, int incoming, int negotiatingAtOnce) {
    return new Limits(
        all,
        incoming,
        negotiatingAtOnce,
        perAddress,
        exemptLoopback,
        streams,
        streamsPerPeer,
        highWater,
        lowWater,
        grace,
        dialsParallel,
        addressesPerDial);
  }

  /// The same with another bound on connections from one place.
  public Limits withPerAddress(int most, boolean loopbackExempt) {
    return new Limits(
        connections,
        inbound,
        negotiating,
        most,
        loopbackExempt,
        streams,
        streamsPerPeer,
        highWater,
        lowWater,
        grace,
        dialsParallel,
        addressesPerDial);
  }

  /// The same with other bounds on streams.
  public Limits withStreams(int all, int perPeer) {
    return new Limits(
        connections,
        inbound,
        negotiating,
        perAddress,
        exemptLoopback,
        all,
        perPeer,
        highWater,
        lowWater,
        grace,
        dialsParallel,
        addressesPerDial);
  }

  /// The same with other water marks.
  public Limits withWater(int high, int low, Duration graceOfNew) {
    return new Limits(
        connections,
        inbound,
        negotiating,
        perAddress,
        exemptLoopback,
        streams,
        streamsPerPeer,
        high,
        low,
        graceOfNew,
        dialsParallel,
        addressesPerDial);
  }
}
