package dev.cairn.files.unixfs;

import dev.cairn.files.block.BlockSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// Makes blocks of files and folders.
@SuppressWarnings("DoNotCallSuggester")
public final class Importer {

  private final Profile profile;
  private final BlockSink sink;

  public Importer(Profile profile, BlockSink sink) {
    this.profile = profile;
    this.sink = sink;
  }

  /// Adds all that a stream holds, as a file; the stream is not closed.
  public Imported add(InputStream content) throws IOException {
    throw new UnsupportedOperationException(profile + " " + sink + content);
  }

  /// Adds a file or folder as the profiles of IPIP-499 have it.
  public Imported addPath(Path path) throws IOException {
    return addPath(path, ImportOptions.DEFAULTS);
  }

  /// Adds a file or folder.
  public Imported addPath(Path path, ImportOptions options) throws IOException {
    throw new UnsupportedOperationException("" + path + options);
  }
}
