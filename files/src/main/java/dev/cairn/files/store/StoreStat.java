package dev.cairn.files.store;

/// What a store holds.
///
/// @param blocks all that are known, those in place among them
/// @param bytes content that counts towards the quota
/// @param quotaBytes the most that it may be
/// @param inPlaceBlocks blocks that lie in files of the user's
/// @param inPlaceBytes their content
/// @param pins roots that are kept
public record StoreStat(
    long blocks, long bytes, long quotaBytes, long inPlaceBlocks, long inPlaceBytes, long pins) {}
