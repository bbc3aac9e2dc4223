import org.jspecify.annotations.NullMarked;

/// Files and folders as blocks that their hashes name: made, kept, and exchanged with peers.
@NullMarked
module dev.cairn.files {
  requires jdk.unsupported; // O_DIRECT
  requires static org.jspecify;
  requires transitive dev.cairn.libp2p;
  requires transitive dev.cairn.storage;

  exports dev.cairn.files.bitswap;
  exports dev.cairn.files.block;
  exports dev.cairn.files.car;
  exports dev.cairn.files.dag;
  exports dev.cairn.files.exchange;
  exports dev.cairn.files.send;
  exports dev.cairn.files.store;
  exports dev.cairn.files.unixfs;
}
