package dev.cairn.files.store;

import dev.cairn.files.block.Block;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;

/// Reads what rows point to and finds out whether it is what it was.
final class Contents {

  private final BlockFiles files;

  Contents(BlockFiles files) {
    this.files = files;
  }

  static int crc(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content, 0, content.length);
    return (int) crc.getValue();
  }

  /// The content, if it is whole. A file of the user's may have been changed by anybody, so a range
  /// of it is compared with the hash; what only this store writes, with the CRC.
  ///
  /// @param room makes, or finds, an array of a length
  Optional<byte[]> read(Multihash hash, Row row, IntFunction<byte[]> room) {
    return switch (row) {
      case Row.Inline inline -> sound(inline.content().bytes(), row);
      case Row.Flat flat -> files.read(hash, flat.size(), room).flatMap(bytes -> sound(bytes, row));
      case Row.Place place ->
          BlockFiles.read(place.file(), place.offset(), place.size(), false, room)
              .filter(bytes -> matches(hash, bytes));
    };
  }

  private static Optional<byte[]> sound(byte[] content, Row row) {
    return crc(content) == row.crc() ? Optional.of(content) : Optional.empty();
  }

  /// Whether content has that hash.
  static boolean matches(Multihash hash, byte[] content) {
    try {
      return Block.verify(Cid.of(Cid.RAW, hash), content).size() == content.length;
    } catch (MalformedException e) {
      return false;
    }
  }

  /// Whether the content is there by a look at the file system alone.
  boolean exists(Multihash hash, Row row) {
    return switch (row) {
      case Row.Inline _ -> true;
      case Row.Flat flat -> files.exists(hash, flat.size());
      case Row.Place place -> isUnchanged(place);
    };
  }

  private static boolean isUnchanged(Row.Place place) {
    try {
      BasicFileAttributes now = Files.readAttributes(place.file(), BasicFileAttributes.class);
      return now.lastModifiedTime().toMillis() == place.modified()
          && now.size() - place.size() >= place.offset();
    } catch (IOException e) {
      return false;
    }
  }

  /// What is wrong, for a person.
  String fault(Row row) {
    return switch (row) {
      case Row.Inline _, Row.Flat _ -> "is damaged on disk";
      case Row.Place place -> "is not what it was in " + place.file() + ": " + change(place);
    };
  }

  static String change(Row.Place place) {
    Path file = place.file();
    try {
      long modified = Files.getLastModifiedTime(file).toMillis();
      return modified == place.modified()
          ? "the file has other content"
          : "the file has been changed since it was added";
    } catch (NoSuchFileException e) {
      return "the file is gone";
    } catch (IOException e) {
      return "the file cannot be read";
    }
  }
}
