package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multihash;
import java.util.List;

/// What a [KadMachine] asks for.
public sealed interface KadEffect {

  /// Send a question to a peer, dialling it where needed. [KadInput.Answered], [KadInput.Sent] (for
  /// `ADD_PROVIDER`) or [KadInput.Failed] follows; after [LookupParams#requestTimeout] the machine
  /// no longer waits for it.
  record Request(long id, PeerAddresses to, KadMessage question) implements KadEffect {}

  /// The answer to a peer's question.
  record Answer(long token, KadMessage answer) implements KadEffect {}

  /// A question that gets no answer.
  ///
  /// @param reason why it is refused; empty when it was taken
  record NoAnswer(long token, String reason) implements KadEffect {}

  /// A provider that a search has found.
  record Found(long operation, PeerAddresses provider) implements KadEffect {}

  /// The end of an operation.
  ///
  /// @param hops requests in a row that led to the result, or to the farthest of the nearest peers
  /// @param requests requests that its look-up made
  record Done(long operation, KadResult result, int hops, int requests) implements KadEffect {}

  /// The answer to [KadInput.Inspect].
  ///
  /// @param good peers that answered when they were asked last
  /// @param provided what this node provides
  record State(
      long operation,
      TableSnapshot table,
      List<PeerAddresses> good,
      List<Multihash> provided,
      int providerRecords,
      int valueRecords,
      int lookups)
      implements KadEffect {
    public State {
      good = List.copyOf(good);
      provided = List.copyOf(provided);
    }
  }

  /// A peer's answer could not be used.
  record Misled(PeerId peer, String reason) implements KadEffect {}
}
