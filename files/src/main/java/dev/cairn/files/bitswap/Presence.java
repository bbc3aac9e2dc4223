package dev.cairn.files.bitswap;

import dev.cairn.multiformats.Cid;

/// HAVE or DONT_HAVE: whether its sender has a block.
public record Presence(Cid cid, boolean have) {}
