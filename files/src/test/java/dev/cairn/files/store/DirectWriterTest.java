package dev.cairn.files.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectWriterTest {

  @TempDir Path folder;

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(content);
    return content;
  }

  /// Whether the file system of the test takes such writes at all.
  private boolean isTaken(DirectWriter writer) throws IOException {
    return writer.write(folder.resolve("taken"), content(DirectWriter.BYTES_MAX));
  }

  @Test
  void whole_pages_are_written_as_they_are() throws IOException {
    DirectWriter writer = new DirectWriter(folder);
    boolean taken = isTaken(writer);
    for (int bytes : new int[] {64 << 10, 256 << 10, DirectWriter.BYTES_MAX}) {
      Path file = folder.resolve(Integer.toString(bytes));
      assertTrue(writer.write(file, content(bytes)) == taken);
      if (taken) {
        assertArrayEquals(content(bytes), Files.readAllBytes(file));
      }
    }
  }

  @Test
  void other_lengths_are_left_to_others() throws IOException {
    DirectWriter writer = new DirectWriter(folder);
    for (int bytes : new int[] {0, 1, 4_095, 4_097, 2 * DirectWriter.BYTES_MAX}) {
      Path file = folder.resolve(Integer.toString(bytes));
      assertFalse(writer.write(file, content(bytes)));
      assertFalse(Files.exists(file));
    }
  }

  @Test
  void after_an_error_nothing_is_left_and_no_more_is_tried() throws IOException {
    DirectWriter writer = new DirectWriter(folder);
    Path nowhere = folder.resolve("nowhere").resolve("file");
    assertFalse(writer.write(nowhere, content(64 << 10)));
    assertFalse(Files.exists(nowhere));
    assertFalse(isTaken(writer));
  }

  @Test
  void no_more_than_so_many_write_at_the_same_time() throws IOException {
    DirectWriter writer = new DirectWriter(folder);
    if (!isTaken(writer)) {
      return;
    }
    List<ByteBuffer> used = new ArrayList<>();
    for (int i = 0; i < DirectWriter.BUFFERS_MAX; i++) {
      used.add(writer.take().orElseThrow());
    }
    Path file = folder.resolve("one too many");
    assertFalse(writer.write(file, content(64 << 10)));
    assertFalse(Files.exists(file));
    writer.give(used.getFirst());
    assertTrue(writer.write(file, content(64 << 10)));
  }
}
