package dev.cairn.storage.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncsTest {

  @TempDir Path folder;

  private FileChannel file(int number) throws IOException {
    return FileChannel.open(
        folder.resolve("f" + number), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Test
  void all_that_was_added_is_synced_and_closed() throws IOException {
    List<FileChannel> files = new ArrayList<>();
    try (Syncs syncs = new Syncs()) {
      for (int i = 0; i < 3 * Syncs.WAITING_MAX; i++) {
        files.add(file(i));
        syncs.add(files.getLast(), e -> e);
      }
      syncs.await();
    }
    files.forEach(f -> assertFalse(f.isOpen()));
  }

  @Test
  void one_that_cannot_be_synced_is_told_at_the_end_at_the_latest() throws IOException {
    try (Syncs syncs = new Syncs()) {
      FileChannel bad = file(1);
      bad.close();
      syncs.add(bad, e -> new IOException("f1 cannot be synced", e));
      IOException e = assertThrows(IOException.class, syncs::await);
      assertEquals("f1 cannot be synced", e.getMessage());
    }
  }
}
