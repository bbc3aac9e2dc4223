package dev.cairn.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/// What is stored cannot be used, or nothing more can be stored. The message is one sentence for
/// the person who runs the node; the node stops with it, because it must not go on from a guess.
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /// The sentence; never null.
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /// Says what an operation on a file met, in words that name the remedy where there is one.
  public static StoreException of(Path path, IOException cause) {
    return new StoreException(reason(path, cause), cause);
  }

  private static String reason(Path path, IOException cause) {
    String text = String.valueOf(cause.getMessage());
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left") || lower.contains("quota exceeded")) {
      return "the disk that holds " + path + " is full; make room on it";
    }
    if (cause instanceof AccessDeniedException
        || lower.contains("permission denied")
        || lower.contains("read-only file system")) {
      return path + " cannot be written: it is read-only or belongs to another user";
    }
    if (cause instanceof NoSuchFileException) {
      return path + " is missing";
    }
    String detail = text;
    if (cause instanceof FileSystemException system && system.getReason() != null) {
      detail = system.getReason();
    }
    return path + " cannot be used: " + detail;
  }

  /// For bytes that are not what was written.
  public static StoreException damaged(Path path, String how) {
    return new StoreException(
        path + " is damaged: " + how + "; restore the folder from a backup, or sync it anew");
  }
}
