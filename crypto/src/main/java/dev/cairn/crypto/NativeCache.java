package dev.cairn.crypto;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// The folder where native libraries lie unpacked, shared by all Cairn processes of a user.
///
/// A library that unpacks itself does so anew in every process, and a process that is killed leaves
/// its copy (up to 17 MB) in the temp folder. So the launcher names one folder twice, as
/// `-Dcairn.natives=DIR` and in `-Djava.library.path=DIR`; the first process puts each library
/// there by an atomic rename, and `System.loadLibrary` finds it from then on. Without the property
/// every library unpacks itself as its authors meant it.
public final class NativeCache {

  /// Names the folder.
  public static final String PROPERTY = "cairn.natives";

  private NativeCache() {}

  /// The folder, when one is named and `System.loadLibrary` looks into it.
  public static Optional<Path> folder() {
    String named = System.getProperty(PROPERTY, "");
    if (named.isEmpty()) {
      return Optional.empty();
    }
    Path folder = Path.of(named).toAbsolutePath().normalize();
    boolean searched =
        Arrays.stream(System.getProperty("java.library.path", "").split(File.pathSeparator))
            .filter(part -> !part.isEmpty())
            .anyMatch(part -> Path.of(part).toAbsolutePath().normalize().equals(folder));
    return searched ? Optional.of(folder) : Optional.empty();
  }

  /// Makes sure that the folder holds the library that the jar of `owner` carries.
  ///
  /// @param entry the library's path inside that jar
  /// @param library its name as given to `System.loadLibrary`
  /// @return false when there is no folder, no such entry, or no place to write: the library then
  ///   has to unpack itself
  public static boolean place(Class<?> owner, String entry, String library) {
    Optional<Path> folder = folder();
    Optional<Path> jar = jarOf(owner);
    if (folder.isEmpty() || jar.isEmpty()) {
      return false;
    }
    try (ZipFile zip = new ZipFile(jar.get().toFile())) {
      ZipEntry found = zip.getEntry(entry);
      if (found == null) {
        return false;
      }
      place(zip, found, folder.get(), System.mapLibraryName(library));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// The stamp beside the library holds the entry's CRC, so that a newer version replaces an older
  /// one without reading either. Processes that mapped the old file keep it: a rename does not
  /// touch it.
  private static void place(ZipFile zip, ZipEntry entry, Path folder, String name)
      throws IOException {
    Path library = folder.resolve(name);
    Path stamp = folder.resolve(name + ".crc");
    String crc = Long.toHexString(entry.getCrc());
    if (Files.exists(library)
        && Files.size(library) == entry.getSize()
        && Files.exists(stamp)
        && Files.readString(stamp).equals(crc)) {
      return;
    }
    Files.createDirectories(folder);
    Path copy = Files.createTempFile(folder, name, ".new");
    try {
      try (InputStream in = zip.getInputStream(entry)) {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      }
      sync(copy);
      Files.move(copy, library, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(copy);
    }
    Path stampCopy = Files.createTempFile(folder, name, ".crc.new");
    try {
      Files.writeString(stampCopy, crc);
      Files.move(stampCopy, stamp, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(stampCopy);
    }
  }

  private static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static Optional<Path> jarOf(Class<?> owner) {
    CodeSource source = owner.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      URI location = source.getLocation().toURI();
      return "file".equals(location.getScheme())
          ? Optional.of(Path.of(location)).filter(Files::isRegularFile)
          : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
