package dev.cairn.core.state;

import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A changed row of the stored state tree.
///
/// @param path as [NodeSource#node] takes it
/// @param row empty when the row goes away
public record RowChange(Bytes path, Optional<Bytes> row) {}
