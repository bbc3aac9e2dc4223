package dev.cairn.files.unixfs;

import java.util.function.LongConsumer;

/// How folders are added.
///
/// @param hidden whether names that start with a dot are taken; IPIP-499 leaves them out
/// @param symlinks what becomes of symbolic links below the path that is given
/// @param inPlace whether content of files stays where it is and is only referred to; needs raw
///   leaves
/// @param progress told, from any thread, the content bytes added since it was told last
public record ImportOptions(
    boolean hidden, Symlinks symlinks, boolean inPlace, LongConsumer progress) {

  /// What becomes of symbolic links.
  public enum Symlinks {
    /// They become symbolic links of UnixFS; nothing is read through them.
    PRESERVE,
    /// The whole folder is refused.
    REFUSE
  }

  /// As the profiles of IPIP-499 have it.
  public static final ImportOptions DEFAULTS =
      new ImportOptions(false, Symlinks.PRESERVE, false, bytes -> {});

  public ImportOptions withHidden(boolean taken) {
    return new ImportOptions(taken, symlinks, inPlace, progress);
  }

  public ImportOptions withSymlinks(Symlinks treated) {
    return new ImportOptions(hidden, treated, inPlace, progress);
  }

  public ImportOptions withInPlace(boolean referred) {
    return new ImportOptions(hidden, symlinks, referred, progress);
  }

  public ImportOptions withProgress(LongConsumer told) {
    return new ImportOptions(hidden, symlinks, inPlace, told);
  }
}
