package dev.cairn.cli.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamesTest {

  @TempDir Path folder;

  @Test
  void what_a_peer_says_moves_no_cursor() {
    assertEquals("\ufffd[2J", Names.text("\u001b[2J"));
    assertEquals("a\n\tb", Names.text("a\n\tb"));
    assertEquals("a\ufffdb", Names.shown("a\nb"));
  }

  @Test
  void a_file_that_breaks_off_is_under_no_name_and_replaces_nothing() throws IOException {
    Path target = folder.resolve("x.car");
    Path neighbour = folder.resolve("x.car.part");
    Files.writeString(neighbour, "mine");
    assertThrows(
        IOException.class,
        () ->
            new Saving()
                .writeFile(
                    target,
                    out -> {
                      out.write(1);
                      throw new IOException("gone");
                    }));
    try (var left = Files.list(folder)) {
      assertEquals(List.of(neighbour), left.toList());
    }
    new Saving().writeFile(target, out -> out.write('y'));
    assertEquals("y", Files.readString(target));
    assertEquals("mine", Files.readString(neighbour));
  }
}
