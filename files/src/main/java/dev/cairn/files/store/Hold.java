package dev.cairn.files.store;

/// Keeps all that is put while it is open from garbage collection, until it is closed: an add or a
/// download holds until its root is pinned.
@FunctionalInterface
public interface Hold extends AutoCloseable {

  @Override
  void close();
}
