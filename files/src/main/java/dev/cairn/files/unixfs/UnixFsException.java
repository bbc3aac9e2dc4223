package dev.cairn.files.unixfs;

import java.io.IOException;

/// A file or folder that is not what UnixFS demands, goes beyond a limit, has no such entry, or
/// cannot be put on this disk. The message is a sentence for a person.
public final class UnixFsException extends IOException {

  private static final long serialVersionUID = 1;

  public UnixFsException(String message) {
    super(message);
  }

  public UnixFsException(String message, Throwable cause) {
    super(message, cause);
  }
}
