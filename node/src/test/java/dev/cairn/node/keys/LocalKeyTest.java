package dev.cairn.node.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKeyTest {

  @TempDir Path folder;

  @Test
  void who_reads_the_file_can_prove_it() throws IOException {
    LocalKey made = LocalKey.make(folder, new SecureRandom());
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made.file())));
    LocalKey read = LocalKey.read(made.file());
    assertTrue(made.proves("this", read.proof("this")));
    assertFalse(made.proves("that", read.proof("this")));
    assertFalse(made.proves("this", ""));
  }

  @Test
  void each_start_makes_another() throws IOException {
    LocalKey before = LocalKey.make(folder, new SecureRandom());
    LocalKey now = LocalKey.make(folder, new SecureRandom());
    assertFalse(now.proves("this", before.proof("this")));
    assertTrue(now.proves("this", LocalKey.read(now.file()).proof("this")));
  }

  @Test
  void nothing_else_is_read_at_a_nodes_word() throws IOException {
    Path secret = Files.writeString(folder.resolve("passwords"), "0".repeat(64));
    assertThrows(IOException.class, () -> LocalKey.read(secret));
    Path link = Files.createSymbolicLink(folder.resolve(LocalKey.NAME), secret);
    assertThrows(IOException.class, () -> LocalKey.read(link));
    Files.delete(link);
    Files.writeString(link, "secret".repeat(20));
    assertThrows(IOException.class, () -> LocalKey.read(link));
    assertThrows(IOException.class, () -> LocalKey.read(folder.resolve("none")));
  }
}
