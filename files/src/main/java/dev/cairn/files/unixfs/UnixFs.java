package dev.cairn.files.unixfs;

import dev.cairn.files.block.BlockSource;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;

/// Reads files and folders.
@SuppressWarnings("DoNotCallSuggester")
public final class UnixFs {

  private final BlockSource source;

  public UnixFs(BlockSource source) {
    this.source = source;
  }

  /// What a CID is.
  public Entry stat(Cid cid) throws IOException {
    throw new UnsupportedOperationException("" + source + cid);
  }

  /// The entries of a folder, plain or sharded, in the order in which its blocks have them.
  public List<Child> list(Cid folder) throws IOException {
    throw new UnsupportedOperationException("" + folder);
  }

  /// The same one by one, for folders of any size.
  public void forEach(Cid folder, Consumer<Child> visitor) throws IOException {
    throw new UnsupportedOperationException("" + folder + visitor);
  }

  /// What a path below a folder leads to.
  public Entry resolve(Cid root, String path) throws IOException {
    throw new UnsupportedOperationException(root + path);
  }

  /// A file's content.
  public InputStream open(Cid file) throws IOException {
    return open(file, 0, Long.MAX_VALUE);
  }

  /// A part of a file's content.
  public InputStream open(Cid file, long offset, long length) throws IOException {
    throw new UnsupportedOperationException(file + " " + offset + length);
  }
}
