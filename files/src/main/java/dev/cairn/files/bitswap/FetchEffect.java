package dev.cairn.files.bitswap;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.util.List;

/// What a [Fetcher] asks for.
sealed interface FetchEffect {

  /// Blocks with these keys are to be taken when they come; before the [Tell] that asks for them.
  record Watch(Cid key, Cid cid) implements FetchEffect {}

  record Unwatch(Cid key) implements FetchEffect {}

  /// Changes of our want-list are to be sent to a peer.
  ///
  /// @param full whether they replace it
  record Tell(PeerId peer, boolean full, List<Entry> entries) implements FetchEffect {
    public Tell {
      entries = List.copyOf(entries);
    }
  }

  /// How many blocks a peer owes us now: 0 means that none is expected.
  record Expect(PeerId peer, boolean blocks) implements FetchEffect {}

  /// A block that a session wants is here.
  record Delivered(long session, PeerId peer, Cid cid, int bytes, int links)
      implements FetchEffect {}

  /// What is thought of a source has changed.
  record Status(long session, PeerId peer, Standing standing, String why) implements FetchEffect {}

  /// A session cannot be finished.
  record Failed(long session, String why) implements FetchEffect {}

  /// The connection to a peer is to be closed.
  record LetGo(PeerId peer, String why) implements FetchEffect {}
}
