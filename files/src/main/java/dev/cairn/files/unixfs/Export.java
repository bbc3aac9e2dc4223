package dev.cairn.files.unixfs;

import dev.cairn.files.block.BlockSource;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.nio.file.Path;

/// Puts files and folders on disk.
@SuppressWarnings("DoNotCallSuggester")
public final class Export {

  private final BlockSource source;
  private final ExportOptions options;

  public Export(BlockSource source, ExportOptions options) {
    this.source = source;
    this.options = options;
  }

  /// Writes a file, folder or symbolic link under the name `target`.
  public Exported to(Cid cid, Path target) throws IOException {
    throw new UnsupportedOperationException("" + cid + target + source + options);
  }
}
