package dev.cairn.files.bitswap;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.util.List;
import java.util.Set;

/// What happens to a [Fetcher].
sealed interface FetchInput {

  /// A session begins: blocks of one DAG will be wanted.
  ///
  /// @param root whoever has it is a source
  /// @param only the peers that may be asked; empty for all
  /// @param inOrder whether blocks are fetched in the order in which they were wanted
  record Open(long session, Cid root, Set<PeerId> only, boolean inOrder) implements FetchInput {
    public Open {
      only = Set.copyOf(only);
    }
  }

  /// Blocks that the session wants.
  record Want(long session, List<Cid> cids) implements FetchInput {
    public Want {
      cids = List.copyOf(cids);
    }
  }

  /// The session is over, whatever it still wants.
  record Close(long session) implements FetchInput {}

  /// A peer that speaks Bitswap is connected.
  ///
  /// @param presences whether it answers HAVE and DONT_HAVE
  record Joined(PeerId peer, long roundTripNanos, boolean presences) implements FetchInput {}

  record Gone(PeerId peer) implements FetchInput {}

  /// Our want-list may have been lost on the way to the peer.
  record Reopened(PeerId peer) implements FetchInput {}

  record Presences(PeerId peer, List<Presence> presences) implements FetchInput {
    public Presences {
      presences = List.copyOf(presences);
    }
  }

  /// Bytes of a block came, more of it is to come.
  record Heard(PeerId peer, int bytes) implements FetchInput {}

  /// A block was verified and stored.
  ///
  /// @param key of the content
  /// @param links how many links it has
  record Arrived(PeerId peer, Cid key, int bytes, int links) implements FetchInput {}

  /// A block came that nobody wants (any longer).
  record Unwanted(PeerId peer, Cid key, int bytes) implements FetchInput {}

  /// A block that cannot be: the hash is right, but it is not what its codec says, or it cannot be
  /// stored.
  record Broken(Cid key, String why) implements FetchInput {}
}
