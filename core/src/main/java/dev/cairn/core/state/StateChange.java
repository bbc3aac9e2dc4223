package dev.cairn.core.state;

import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A key's new value, and the one it had.
///
/// @param value empty when the key goes away
/// @param previous empty when there was none; what undoes the change
public record StateChange(StateKey key, Optional<Bytes> value, Optional<Bytes> previous) {}
