package dev.cairn.files.bitswap;

import dev.cairn.multiformats.Cid;
import java.util.List;

/// The blocks of one DAG, being fetched. Safe from any thread.
public interface Fetch extends AutoCloseable {

  /// Wants more blocks, which are not here.
  void want(List<Cid> cids);

  /// Wants nothing any longer.
  @Override
  void close();
}
