package dev.cairn.core.ledger;

import dev.cairn.core.state.StateKey;
import org.apache.tuweni.bytes.Bytes;

/// One version of a record, kept for its history; or the validators of an epoch, for those who ask
/// when the state has forgotten them.
///
/// @param key the record's or the set's key in the state
/// @param version from 1; always 1 for a set
/// @param entry the encoded [dev.cairn.core.state.RecordEntry], or the set as the state has it
public record RecordVersion(StateKey key, long version, Bytes entry) {}
