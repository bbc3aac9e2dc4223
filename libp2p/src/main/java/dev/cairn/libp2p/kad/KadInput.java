package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.List;
import java.util.Optional;

/// What a [KadMachine] is told. Numbers of operations and tokens of questions are the shell's,
/// those of requests the machine's.
public sealed interface KadInput {

  /// A connected peer says that it serves the DHT.
  ///
  /// @param remote where the connection to it leads, or comes from
  record Serves(PeerAddresses peer, Optional<Multiaddr> remote) implements KadInput {}

  /// A connected peer says that it does not serve the DHT, or no longer.
  record ServesNot(PeerId peer) implements KadInput {}

  /// Peers that were good in an earlier run.
  record Restore(List<PeerAddresses> peers) implements KadInput {
    public Restore {
      peers = List.copyOf(peers);
    }
  }

  /// A peer asks. [KadEffect.Answer] or [KadEffect.NoAnswer] follows at once.
  ///
  /// @param remote where its connection comes from, if known
  record Asked(long token, PeerId from, Optional<Multiaddr> remote, KadMessage question)
      implements KadInput {}

  /// The answer to a [KadEffect.Request].
  ///
  /// @param remote where the connection to it leads, if known
  /// @param listening where the peer says itself that it listens; empty when it did not say
  record Answered(
      long request, Optional<Multiaddr> remote, List<Multiaddr> listening, KadMessage answer)
      implements KadInput {
    public Answered {
      listening = List.copyOf(listening);
    }
  }

  /// A request that has no answer (`ADD_PROVIDER`) is on its way.
  record Sent(long request) implements KadInput {}

  /// A request came to nothing.
  ///
  /// @param connected whether the peer itself was reached, so that only the protocol failed
  /// @param listening where the peer says itself that it listens; empty when it did not say
  record Failed(long request, boolean connected, List<Multiaddr> listening) implements KadInput {
    public Failed {
      listening = List.copyOf(listening);
    }
  }

  record FindPeer(long operation, PeerId peer) implements KadInput {}

  record FindClosest(long operation, KadKey key) implements KadInput {}

  record PutValue(long operation, KadRecord record) implements KadInput {}

  record GetValue(long operation, KadKey key) implements KadInput {}

  /// @param max after so many the search ends
  record FindProviders(long operation, KadKey key, int max) implements KadInput {}

  /// Tell that this node has the content, now and again until [Unprovide].
  record Provide(long operation, KadKey key) implements KadInput {}

  /// The same, but in its turn, when the machine has nothing better to do; nobody waits for it.
  record Announce(KadKey key) implements KadInput {}

  record Unprovide(KadKey key) implements KadInput {}

  /// Look up the own neighbourhood and a key in each bucket.
  record Bootstrap(long operation) implements KadInput {}

  /// Nobody waits for the operation any more.
  record Cancel(long operation) implements KadInput {}

  /// Where this node listens, as it goes into provider records.
  record Listening(List<Multiaddr> addresses) implements KadInput {
    public Listening {
      addresses = List.copyOf(addresses);
    }
  }

  record Mode(KadMode mode) implements KadInput {}

  /// Asks for a [KadEffect.State].
  record Inspect(long operation) implements KadInput {}
}
