package dev.cairn.storage;

import dev.cairn.core.Hash;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.storage.files.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The file `FORMAT`: which layout the folder has, and whose chain it holds.
///
/// @param chainId the chain's id
record StoreFormat(int version, Hash chainId) {

  /// Goes up with every change of what lies in the folder. 2: a version of a record may name the
  /// block that holds its value ([VersionRow]). What is in a folder of format 1 can still be read.
  static final int VERSION = 2;

  private static final String NAME = "FORMAT";
  private static final Pattern TEXT =
      Pattern.compile("cairn store\nformat ([1-9][0-9]{0,5})\nchain ([0-9a-f]{64})\n");

  static boolean exists(Path folder) {
    return Files.exists(folder.resolve(NAME));
  }

  static void write(Path folder, Hash chainId) {
    String text = "cairn store\nformat " + VERSION + "\nchain " + chainId + "\n";
    DurableFiles.replace(folder.resolve(NAME), text.getBytes(StandardCharsets.US_ASCII));
  }

  /// Refuses a folder that this version does not know, and one of another chain; one that is older
  /// is marked as of this version, since the one that made it cannot read what is added now.
  static void check(Path folder, Hash chainId) {
    Path file = folder.resolve(NAME);
    StoreFormat found = read(file);
    if (found.version() > VERSION) {
      throw new StoreException(
          folder
              + " has store format "
              + found.version()
              + ", and this version of Cairn knows none above "
              + VERSION
              + "; use the version that wrote it");
    }
    if (!found.chainId().equals(chainId)) {
      throw new StoreException(
          folder
              + " holds another chain ("
              + found.chainId()
              + ", not "
              + chainId
              + "); use another folder, or that chain's spec");
    }
    if (found.version() < VERSION) {
      write(folder, chainId);
    }
  }

  private static StoreFormat read(Path file) {
    try {
      Matcher matcher = TEXT.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
      if (!matcher.matches()) {
        throw StoreException.damaged(file, "it does not name a format");
      }
      return new StoreFormat(Integer.parseInt(matcher.group(1)), Hash.parse(matcher.group(2)));
    } catch (IOException e) {
      throw StoreException.of(file, e);
    } catch (MalformedException e) {
      throw StoreException.damaged(file, "it does not name a chain");
    }
  }
}
