package dev.cairn.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {

  private static final String ENTRY = "META-INF/MANIFEST.MF";
  private final String libraryPath = System.getProperty("java.library.path", "");

  @TempDir Path temp;

  @AfterEach
  void restore() {
    System.clearProperty(NativeCache.PROPERTY);
    System.setProperty("java.library.path", libraryPath);
  }

  private Path named() {
    Path folder = temp.resolve("natives");
    System.setProperty(NativeCache.PROPERTY, folder.toString());
    System.setProperty("java.library.path", folder.toString());
    return folder;
  }

  private static boolean place() {
    return NativeCache.place(Conscrypt.class, ENTRY, "manifest");
  }

  @Test
  void without_a_folder_a_library_unpacks_itself() {
    assertEquals(Optional.empty(), NativeCache.folder());
    assertFalse(place());
  }

  @Test
  void a_folder_that_is_not_searched_is_not_used() {
    System.setProperty(NativeCache.PROPERTY, temp.toString());
    assertEquals(Optional.empty(), NativeCache.folder());
  }

  @Test
  void a_library_is_placed_once() throws IOException {
    Path library = named().resolve(System.mapLibraryName("manifest"));
    assertTrue(place());
    Object inode = Files.getAttribute(library, "unix:ino");
    assertTrue(place());
    assertEquals(inode, Files.getAttribute(library, "unix:ino"));
    try (Stream<Path> left = Files.list(library.getParent())) {
      assertEquals(2, left.count());
    }
  }

  @Test
  void another_version_or_a_torn_copy_is_replaced() throws IOException {
    Path library = named().resolve(System.mapLibraryName("manifest"));
    assertTrue(place());
    long size = Files.size(library);
    Files.writeString(library.resolveSibling(library.getFileName() + ".crc"), "0");
    Object inode = Files.getAttribute(library, "unix:ino");
    assertTrue(place());
    assertNotEquals(inode, Files.getAttribute(library, "unix:ino"));
    Files.writeString(library, "torn");
    assertTrue(place());
    assertEquals(size, Files.size(library));
  }

  @Test
  void an_entry_that_is_missing_is_reported() {
    named();
    assertFalse(NativeCache.place(Conscrypt.class, "no/such", "manifest"));
  }
}
