package dev.cairn.core.ledger;

import dev.cairn.core.state.StateKey;
import org.apache.tuweni.bytes.Bytes;

/// One version of a record, kept for its history.
///
/// @param key the record's key in the state
/// @param version from 1
/// @param entry the encoded [dev.cairn.core.state.RecordEntry]
public record RecordVersion(StateKey key, long version, Bytes entry) {}
