package dev.cairn.core.block;

import dev.cairn.multiformats.cbor.Slice;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The engine's part in making a block: for Simplex, the proposer's signature of the header's
/// fields.
@FunctionalInterface
public interface Sealer {

  /// No seal, as in a genesis block.
  Sealer NONE = (height, fields) -> Optional.empty();

  /// The seal for the encoded fields of a header at this height.
  Optional<Bytes> seal(long height, Slice fields);
}
