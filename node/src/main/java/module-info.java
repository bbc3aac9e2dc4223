import org.jspecify.annotations.NullMarked;

/// Joins chain, store and network into a peer that operators and programs can talk to.
@NullMarked
module dev.cairn.node {
  requires static org.jspecify;
  requires transitive dev.cairn.core;
  requires transitive dev.cairn.libp2p;
  requires transitive dev.cairn.storage;
  requires transitive jakarta.json;
  requires io.helidon.http;
  requires io.helidon.webserver;

  exports dev.cairn.node.rpc;
}
