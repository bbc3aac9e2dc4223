package dev.cairn.files.unixfs;

import dev.cairn.multiformats.Cid;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// What a CID is, as its root block says.
///
/// @param size content of a file in bytes, as the root claims: [UnixFs#open] and [Export] hold it
///   to that; of a folder 0; of a symbolic link the target's bytes
/// @param target of a symbolic link
/// @param mode permissions, 0 to 07777, where they were kept
/// @param mtime when it was changed last, where that was kept
public record Entry(
    Cid cid,
    Kind kind,
    long size,
    Optional<String> target,
    OptionalInt mode,
    Optional<Instant> mtime) {

  /// The kinds of entries.
  public enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK
  }
}
