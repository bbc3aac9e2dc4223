package dev.cairn.libp2p.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {

  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;

  @Test
  void is_made_once_for_its_owner_only_and_read_again() throws IOException {
    Path file = folder.resolve("identity.key");
    Identity made = Identity.loadOrCreate(file, RANDOM);
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(made.id(), Identity.loadOrCreate(file, RANDOM).id());
    assertEquals(1, folder.toFile().list().length);
  }

  @Test
  void a_file_open_to_others_is_refused_with_what_to_do() throws IOException {
    Path file = folder.resolve("identity.key");
    Identity.loadOrCreate(file, RANDOM);
    for (String open : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"}) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(open));
      IOException refused =
          assertThrows(IOException.class, () -> Identity.loadOrCreate(file, RANDOM));
      assertTrue(String.valueOf(refused.getMessage()).contains("chmod 600"), refused::getMessage);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    Identity.loadOrCreate(file, RANDOM);
  }

  @Test
  void every_flipped_bit_and_every_cut_is_noticed() throws IOException {
    Path file = folder.resolve("identity.key");
    Identity.loadOrCreate(file, RANDOM);
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      requireDamaged(file, flipped);
      requireDamaged(file, Arrays.copyOf(whole, i));
    }
    requireDamaged(file, Arrays.copyOf(whole, whole.length + 1));
    requireDamaged(file, new byte[1_000]);
  }

  private static void requireDamaged(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    IOException refused =
        assertThrows(IOException.class, () -> Identity.loadOrCreate(file, RANDOM));
    assertTrue(String.valueOf(refused.getMessage()).contains("is damaged"), refused::getMessage);
  }

  @Test
  void a_missing_folder_is_one_sentence() {
    Path file = folder.resolve("none").resolve("identity.key");
    IOException refused =
        assertThrows(IOException.class, () -> Identity.loadOrCreate(file, RANDOM));
    assertTrue(String.valueOf(refused.getMessage()).contains("is missing"), refused::getMessage);
  }

  @Test
  void its_text_says_nothing_of_the_key() {
    Identity identity = Identity.generate(RANDOM);
    assertEquals("Identity[" + identity.id() + "]", identity.toString());
    assertFalse(identity.toString().contains("key"));
  }
}
