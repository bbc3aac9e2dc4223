package dev.cairn.storage;

import dev.cairn.storage.files.FolderLock;
import java.io.IOException;
import java.nio.file.Path;

/// A process that holds a folder until it is ended.
final class LockHolder {

  private LockHolder() {}

  static Process start(Path folder) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = Path.of("target", "classes") + ":" + Path.of("target", "test-classes");
    return new ProcessBuilder(java, "-cp", classes, LockHolder.class.getName(), folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] args) throws IOException {
    try (FolderLock _ = FolderLock.take(Path.of(args[0]))) {
      System.out.println("held");
      System.out.flush();
      var _ = System.in.read();
    }
  }
}
