import org.jspecify.annotations.NullMarked;

/// The chain and the state in RocksDB, and the votes in a file of their own.
@NullMarked
module dev.cairn.storage {
  requires static org.jspecify;
  requires transitive dev.cairn.core;
  requires rocksdbjni;

  exports dev.cairn.storage;
  exports dev.cairn.storage.files;
  exports dev.cairn.storage.rocks;
  exports dev.cairn.storage.votes;
}
