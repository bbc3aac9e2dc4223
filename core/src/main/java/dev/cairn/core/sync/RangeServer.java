package dev.cairn.core.sync;

import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.ledger.FinalHead;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Answers requests for blocks from the store (spec/sync.md, "Blocks on request"). It keeps nothing
/// and may be called from any thread that may read the store.
public final class RangeServer {

  /// Bytes of one answer; the first block is sent whatever its size.
  public static final int ANSWER_BYTES_MAX = 4 << 20;

  private final ChainStore store;
  private final boolean certified;

  /// For a chain whose final blocks have certificates.
  public RangeServer(ChainStore store) {
    this(store, true);
  }

  /// @param certified whether final blocks have certificates ([EngineParams#certified])
  public RangeServer(ChainStore store, boolean certified) {
    this.store = store;
    this.certified = certified;
  }

  /// The encoded [BlockMessage]s, or headers, that answer a request; none when the blocks are not
  /// final here.
  public List<byte[]> answer(BlocksRequest request) {
    return switch (request) {
      case RangeRequest range -> answer(range);
      case HeadersRequest headers -> answer(headers);
      case BlockRequest(Cid block) ->
          store.block(block).map(stored -> List.of(BlockMessage.encode(stored))).orElse(List.of());
    };
  }

  /// The encoded [BlockMessage]s, in order of height: as many as were asked for, are final here and
  /// fit, and none when the first is not final here. Where blocks have certificates, the last has
  /// one, so that the answer can be verified by itself.
  private List<byte[]> answer(RangeRequest request) {
    long finalizedHeight = store.head().map(FinalHead::height).orElse(0L);
    List<byte[]> messages = new ArrayList<>();
    int whole = 0;
    long bytes = 0;
    long last = Math.min(request.last(), finalizedHeight);
    for (long height = request.from(); height <= last; height++) {
      Optional<StoredBlock> stored = store.blockAt(height).flatMap(store::block);
      if (stored.isEmpty()) {
        break;
      }
      byte[] message = BlockMessage.encode(stored.get());
      bytes += message.length;
      if (bytes > ANSWER_BYTES_MAX && !messages.isEmpty()) {
        break;
      }
      messages.add(message);
      if (!certified || !stored.get().certificate().isEmpty()) {
        whole = messages.size();
      }
    }
    return List.copyOf(messages.subList(0, whole));
  }

  /// The encoded headers of final blocks, in order of height.
  private List<byte[]> answer(HeadersRequest request) {
    long finalizedHeight = store.head().map(FinalHead::height).orElse(0L);
    List<byte[]> headers = new ArrayList<>();
    for (long height = request.from();
        height <= Math.min(request.last(), finalizedHeight);
        height++) {
      Optional<StoredBlock> stored = store.blockAt(height).flatMap(store::block);
      if (stored.isEmpty()) {
        break;
      }
      headers.add(stored.get().header().toArray());
    }
    return headers;
  }
}
