package dev.cairn.core.transaction;

import java.util.function.LongFunction;

/// The block that a transaction is applied in.
///
/// @param height the block's, at least 1
/// @param timeMillis the block's time
/// @param domains the domain of signatures in and for a block at a height
public record BlockContext(long height, long timeMillis, LongFunction<SigningDomain> domains) {}
