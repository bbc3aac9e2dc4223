package dev.cairn.core.state;

import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Where a [StateTree] finds the rows of the final state that it does not hold in memory.
public interface NodeSource {

  /// A source with no rows, for a tree that starts empty.
  NodeSource NONE = path -> Optional.empty();

  /// The row at `path`: one byte for each nibble (0 to 15) from the root, so that rows sort as the
  /// tree does. Empty for the root.
  Optional<Bytes> node(Bytes path);
}
