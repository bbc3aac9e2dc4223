package dev.cairn.libp2p.gossipsub;

import java.util.List;

/// What one frame on a gossipsub stream holds, after the limits on each kind of part.
///
/// @param surplus parts that were left out because a limit was reached
record Rpc(List<TopicChange> subscriptions, List<Message> messages, Control control, int surplus) {

  Rpc {
    subscriptions = List.copyOf(subscriptions);
    messages = List.copyOf(messages);
  }
}
