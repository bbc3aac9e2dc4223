package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.List;

/// Who takes part in a topic, at one moment.
///
/// @param peers those that said so
/// @param mesh those of them that messages are exchanged with directly
public record TopicPeers(List<PeerId> peers, List<PeerId> mesh) {

  static final TopicPeers NONE = new TopicPeers(List.of(), List.of());

  public TopicPeers {
    peers = List.copyOf(peers);
    mesh = List.copyOf(mesh);
  }
}
