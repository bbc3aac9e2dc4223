package dev.cairn.libp2p.gossipsub;

import dev.cairn.machine.Machine;
import dev.cairn.machine.Now;
import java.util.Map;
import java.util.function.Consumer;

/// An input on its way to the machine, and who wants to know that it was taken.
///
/// Inputs are not dropped when many wait, because a lost topic change would never be made good:
/// instead each stream may have a bounded number of bytes on their way, and reads no further.
///
/// @param taken called once the machine has taken it
record Letter(GossipInput input, Runnable taken) {

  static Letter of(GossipInput input) {
    return new Letter(input, () -> {});
  }

  /// The machine as its driver sees it: it takes letters, and shows who is in which topic.
  static final class Reader implements Machine<Letter, GossipEffect> {
    private final GossipsubMachine machine;
    private volatile Map<String, TopicPeers> topicPeers = Map.of();

    Reader(GossipsubMachine machine) {
      this.machine = machine;
    }

    @Override
    public void step(Letter letter, Now now, Consumer<? super GossipEffect> out) {
      machine.step(letter.input(), now, out);
      if (changesTopics(letter.input())) {
        topicPeers = machine.topicPeers();
      }
      letter.taken().run();
    }

    private static boolean changesTopics(GossipInput input) {
      return switch (input) {
        case GossipInput.Received rpc ->
            !rpc.subscriptions().isEmpty()
                || !rpc.control().graft().isEmpty()
                || !rpc.control().prune().isEmpty();
        case GossipInput.Publish p -> false;
        case GossipInput.Report r -> false;
        case GossipInput.Accepted a -> false;
        case GossipInput.Forged f -> false;
        case GossipInput.Misbehaved m -> false;
        case GossipInput.Joined j -> true;
        case GossipInput.Left l -> true;
        case GossipInput.Reopened r -> true;
        case GossipInput.Restarted r -> true;
        case GossipInput.Define d -> true;
        case GossipInput.Subscribe s -> true;
        case GossipInput.Unsubscribe u -> true;
      };
    }

    @Override
    public void tick(Now now, Consumer<? super GossipEffect> out) {
      machine.tick(now, out);
      topicPeers = machine.topicPeers();
    }

    @Override
    public long deadlineNanos() {
      return machine.deadlineNanos();
    }

    /// Who is in which topic, as of the last change. Any thread may ask.
    Map<String, TopicPeers> topicPeers() {
      return topicPeers;
    }
  }
}
