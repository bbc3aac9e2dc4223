package dev.cairn.files.unixfs;

import dev.cairn.multiformats.Cid;

/// A DAG that was made, as the node above it needs to know it.
///
/// @param size content in bytes
/// @param dagBytes bytes of all its blocks: `Tsize`
record Part(Cid cid, long size, long dagBytes) {}
