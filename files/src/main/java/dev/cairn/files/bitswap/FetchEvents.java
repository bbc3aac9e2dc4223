package dev.cairn.files.bitswap;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;

/// What a [Fetch] tells whoever began it, one call at a time; none of them may block.
public interface FetchEvents {

  /// A block is here, verified and stored.
  ///
  /// @param links how many links it has
  void delivered(PeerId from, Cid cid, int bytes, int links);

  /// What is thought of a peer has changed.
  void standing(PeerId peer, Standing standing, String why);

  /// It cannot be finished.
  void failed(String why);
}
