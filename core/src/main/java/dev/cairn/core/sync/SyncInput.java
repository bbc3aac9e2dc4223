package dev.cairn.core.sync;

import dev.cairn.core.block.Header;
import dev.cairn.multiformats.Cid;
import java.util.List;

/// What syncing reacts to.
public sealed interface SyncInput {

  /// A peer claims to have every final block up to `finalizedHeight`.
  record PeerHeight(String peer, long finalizedHeight) implements SyncInput {}

  record PeerGone(String peer) implements SyncInput {}

  /// A block that came by gossip, whose certificate has been verified.
  record Gossiped(String peer, BlockMessage message) implements SyncInput {}

  /// The answer to [SyncEffect.Request]: nothing in it has been verified but its form.
  record Blocks(long requestId, String peer, List<BlockMessage> blocks) implements SyncInput {
    public Blocks {
      blocks = List.copyOf(blocks);
    }
  }

  /// The answer to [SyncEffect.RequestHeaders].
  record Headers(long requestId, String peer, List<Header> headers) implements SyncInput {
    public Headers {
      headers = List.copyOf(headers);
    }
  }

  /// The block of a [SyncEffect.Deliver] could not be executed.
  ///
  /// @param forGood whether it is against the rules, and not only without room here
  record Refused(Cid block, boolean forGood, String reason) implements SyncInput {}

  /// @param malformed whether the peer sent what no honest peer sends
  record Failed(long requestId, String peer, String reason, boolean malformed)
      implements SyncInput {}

  /// The final chain has grown, by whatever way.
  record Advanced(long finalizedHeight, Cid finalized) implements SyncInput {}
}
