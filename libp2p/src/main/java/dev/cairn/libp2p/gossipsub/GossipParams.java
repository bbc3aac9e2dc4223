package dev.cairn.libp2p.gossipsub;

/// How a gossipsub behaves. Every count has its limit here or in one of the parts.
///
/// @param floodPublish whether our own messages go to all peers of a topic, not just to its mesh
/// @param floodBytesMax the longest of our own messages that is flooded: a block to every peer
///   would keep an uplink busy for seconds, where the mesh carries it in hops
/// @param lazyDegree D_lazy: peers outside the mesh that are told of recent messages
/// @param gossipFactor the share of such peers that are told, where that is more
/// @param idontwantBytesMin messages from this size on are announced with IDONTWANT; for shorter
///   ones the announcements would cost more than the duplicates
public record GossipParams(
    MeshParams mesh,
    HistoryParams history,
    GossipLimits limits,
    boolean floodPublish,
    int floodBytesMax,
    int lazyDegree,
    double gossipFactor,
    int idontwantBytesMin) {

  public static final GossipParams STANDARD =
      new GossipParams(
          MeshParams.STANDARD,
          HistoryParams.STANDARD,
          GossipLimits.STANDARD,
          true,
          16 * 1024,
          6,
          0.25,
          16 * 1024);

  public GossipParams {
    if (lazyDegree < 0 || !(gossipFactor >= 0 && gossipFactor <= 1)) {
      throw new IllegalArgumentException("D_lazy " + lazyDegree + ", factor " + gossipFactor);
    }
  }
}
