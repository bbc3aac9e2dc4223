package dev.cairn.files.dag;

import dev.cairn.multiformats.Cid;

/// A link of a dag-pb node.
///
/// @param cid of what it points to
/// @param name in a directory, the entry's name; empty for a part of a file
/// @param dagBytes `Tsize`: bytes of all blocks below, as whoever made it claims; a hint, 0 where
///   none is given
public record PbLink(Cid cid, String name, long dagBytes) {}
