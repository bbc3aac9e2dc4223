package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.List;

/// What a [GossipsubMachine] asks for.
public sealed interface GossipEffect {

  /// Tell a peer which topics we begin or end to take part in.
  record SendTopics(PeerId to, List<TopicChange> changes) implements GossipEffect {
    public SendTopics {
      changes = List.copyOf(changes);
    }
  }

  record SendControl(PeerId to, Control control) implements GossipEffect {}

  /// Send one message to each of the peers.
  record SendMessage(List<PeerId> to, Message message) implements GossipEffect {
    public SendMessage {
      to = List.copyOf(to);
    }
  }

  /// Have a message validated; [GossipInput.Report] or [GossipInput.Forged] must follow.
  record Deliver(Message message, MessageId id, PeerId from) implements GossipEffect {}

  /// A peer sent what was rejected.
  ///
  /// @param count how often within the present window, from 1
  record Rejected(PeerId peer, String reason, int count) implements GossipEffect {}

  /// The peer has passed [GossipLimits#rejectsMax]; part with it.
  record Disconnect(PeerId peer, String reason) implements GossipEffect {}
}
