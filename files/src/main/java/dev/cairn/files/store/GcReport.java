package dev.cairn.files.store;

/// What a garbage collection did.
///
/// @param removedBlocks blocks that are gone
/// @param removedBytes content that no longer counts
/// @param keptBlocks blocks that pins, holds or their age keep
/// @param missing blocks below pins that are not here: their DAGs are incomplete
public record GcReport(long removedBlocks, long removedBytes, long keptBlocks, long missing) {}
