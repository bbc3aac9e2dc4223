package dev.cairn.files.unixfs;

import dev.cairn.multiformats.Cid;

/// What became of a file or folder.
///
/// @param cid of the root
/// @param size content of the file, or of all files in the folder, in bytes
/// @param blocks of the DAG as they were made: one that occurs twice counts twice
public record Imported(Cid cid, long size, long blocks) {}
