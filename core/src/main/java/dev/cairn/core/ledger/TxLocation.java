package dev.cairn.core.ledger;

import dev.cairn.multiformats.Cid;

/// Where a final transaction is.
///
/// @param index its place in the block's body, from 0
public record TxLocation(Cid block, long height, int index) {}
