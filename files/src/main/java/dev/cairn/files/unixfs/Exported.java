package dev.cairn.files.unixfs;

/// What was written to disk.
///
/// @param bytes content of all files
public record Exported(long files, long folders, long symlinks, long bytes) {}
