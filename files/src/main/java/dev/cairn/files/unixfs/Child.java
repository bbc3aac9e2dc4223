package dev.cairn.files.unixfs;

import dev.cairn.multiformats.Cid;

/// An entry of a folder, without a look at its block.
///
/// @param name one component of a path; what a folder's maker chose: not checked for a file system
/// @param dagBytes all blocks below in bytes, as the folder's maker claims: a hint
public record Child(String name, Cid cid, long dagBytes) {}
