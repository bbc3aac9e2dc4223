import org.jspecify.annotations.NullMarked;

/// The chain and the state in RocksDB.
@NullMarked
module dev.cairn.storage {
  requires static org.jspecify;
  requires transitive dev.cairn.core;
  requires rocksdbjni;
}
