package dev.cairn.core.light;

import dev.cairn.core.block.Header;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Shows that a block is final: its header, those of its descendants up to one that has a
/// certificate, and that certificate (spec/light.md, "Finality proofs"). A claim until a
/// [LightClient] has checked it.
///
/// @param headers the block's own first, each the parent of the next; 1 to [#HEADERS_MAX]
/// @param certificate of the last one; empty when that is trusted without
public record FinalityProof(List<Header> headers, Bytes certificate) {

  /// Blocks become final without a certificate of their own when several do at once: a few, and at
  /// most those that a validator fetches one by one.
  public static final int HEADERS_MAX = 256;

  /// @throws MalformedException when there are none or too many headers
  public FinalityProof {
    headers = List.copyOf(headers);
    if (headers.isEmpty() || headers.size() > HEADERS_MAX) {
      throw new MalformedException("a finality proof of " + headers.size() + " headers");
    }
  }

  /// The header of the block that it is about.
  public Header block() {
    return headers.getFirst();
  }

  /// What a store has to show for a final block.
  ///
  /// @return empty when the block is not final there, or no certificate covers it yet
  public static Optional<FinalityProof> of(ChainStore store, Cid block) {
    List<Header> headers = new ArrayList<>();
    Optional<StoredBlock> stored = store.block(block);
    while (stored.isPresent() && headers.size() < HEADERS_MAX) {
      Header header = Header.decode(stored.get().header().toArrayUnsafe());
      headers.add(header);
      if (!stored.get().certificate().isEmpty() || header.height() == 0) {
        return Optional.of(new FinalityProof(headers, stored.get().certificate()));
      }
      stored = store.blockAt(header.height() + 1).flatMap(store::block);
    }
    return Optional.empty();
  }
}
