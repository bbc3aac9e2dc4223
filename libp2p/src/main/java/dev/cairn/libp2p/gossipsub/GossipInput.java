package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.List;
import java.util.Set;

/// What a [GossipsubMachine] is told.
public sealed interface GossipInput {

  /// A peer that speaks gossipsub is there.
  ///
  /// @param outbound whether we dialled it, which counts for D_out
  /// @param idontwant whether it speaks v1.2 or later and so understands IDONTWANT
  record Joined(PeerId peer, boolean outbound, boolean idontwant) implements GossipInput {}

  /// The peer is gone.
  record Left(PeerId peer) implements GossipInput {}

  /// The stream to a peer that is there had to be opened again: what was sent before may be lost,
  /// and the peer may have taken it for our leaving.
  record Reopened(PeerId peer) implements GossipInput {}

  /// A peer that is there began anew on its side: what it had said of topics no longer holds, and
  /// it may have forgotten what we said.
  record Restarted(PeerId peer) implements GossipInput {}

  /// The parts of an RPC, in the order in which they take effect.
  record Received(
      PeerId from, List<TopicChange> subscriptions, List<Arrival> messages, Control control)
      implements GossipInput {
    public Received {
      subscriptions = List.copyOf(subscriptions);
      messages = List.copyOf(messages);
    }
  }

  /// A message with its id, which whoever read it has worked out already.
  record Arrival(Message message, MessageId id) {}

  /// A message that came from a peer another way, and was found good.
  ///
  /// @param served peers that its sender says it has given it too: they are not sent it, but told
  ///   of it at the next heartbeat, so that a sender that lied is found out
  record Accepted(PeerId from, Message message, MessageId id, Set<PeerId> served)
      implements GossipInput {
    public Accepted {
      served = Set.copyOf(served);
    }
  }

  /// The peer sent what is not an RPC, or broke a limit of the wire.
  record Misbehaved(PeerId peer, String reason) implements GossipInput {}

  /// Makes a topic known, for publishing to it without taking part.
  record Define(TopicParams topic) implements GossipInput {}

  /// Takes part in a topic.
  record Subscribe(TopicParams topic) implements GossipInput {}

  record Unsubscribe(String topic) implements GossipInput {}

  /// Sends a message of our own to a topic that is known.
  ///
  /// @param again whether it goes out even when its id was seen lately
  /// @param served peers that are given it another way
  record Publish(Message message, MessageId id, boolean again, Set<PeerId> served)
      implements GossipInput {
    public Publish {
      served = Set.copyOf(served);
    }

    /// One of our own that all others of its topic get by gossip alone.
    public Publish(Message message, MessageId id, boolean again) {
      this(message, id, again, Set.of());
    }

    Publish(Message message, MessageId id) {
      this(message, id, false);
    }
  }

  /// Answers a [GossipEffect.Deliver].
  record Report(MessageId id, Verdict verdict) implements GossipInput {}

  /// Answers a [GossipEffect.Deliver] whose signature is not its author's: the id may well belong
  /// to a genuine message that has yet to come, so it is forgotten.
  record Forged(MessageId id) implements GossipInput {}
}
