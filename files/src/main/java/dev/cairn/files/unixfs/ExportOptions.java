package dev.cairn.files.unixfs;

import java.util.function.LongConsumer;

/// How a file or folder is put on disk.
///
/// @param overwrite whether what is there under the target's name is replaced
/// @param symlinks whether symbolic links are made (those that point outside are refused in either
///   case); otherwise a folder that has any is refused
/// @param bytesMax the most content in all, in bytes
/// @param entriesMax the most files, folders and symbolic links in all
/// @param progress told the content bytes written since it was told last
public record ExportOptions(
    boolean overwrite, boolean symlinks, long bytesMax, long entriesMax, LongConsumer progress) {

  public static final ExportOptions DEFAULTS =
      new ExportOptions(false, true, Long.MAX_VALUE, 10_000_000, bytes -> {});

  public ExportOptions withOverwrite(boolean replaced) {
    return new ExportOptions(replaced, symlinks, bytesMax, entriesMax, progress);
  }

  public ExportOptions withSymlinks(boolean made) {
    return new ExportOptions(overwrite, made, bytesMax, entriesMax, progress);
  }

  public ExportOptions withLimits(long bytes, long entries) {
    return new ExportOptions(overwrite, symlinks, bytes, entries, progress);
  }

  public ExportOptions withProgress(LongConsumer told) {
    return new ExportOptions(overwrite, symlinks, bytesMax, entriesMax, told);
  }
}
