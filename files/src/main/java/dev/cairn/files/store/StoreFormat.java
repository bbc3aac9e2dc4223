package dev.cairn.files.store;

import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file `FORMAT`: which layout the folder has.
final class StoreFormat {

  private StoreFormat() {}

  /// Writes the file into a new folder, and refuses any that this version does not know.
  static void check(Path folder, int version) {
    Path file = folder.resolve("FORMAT");
    String wanted = "cairn files\nformat " + version + "\n";
    try {
      if (!Files.exists(file)) {
        if (Files.exists(folder.resolve("index")) || Files.exists(folder.resolve("blocks"))) {
          throw StoreException.damaged(folder, "its FORMAT is missing");
        }
        DurableFiles.replace(file, wanted.getBytes(StandardCharsets.US_ASCII));
        return;
      }
      String found = Files.readString(file, StandardCharsets.ISO_8859_1);
      if (!found.equals(wanted)) {
        throw new StoreException(
            folder + " is no store of files that this version of Cairn knows; use another folder");
      }
    } catch (IOException e) {
      throw StoreException.of(file, e);
    }
  }
}
