import org.jspecify.annotations.NullMarked;

/// Joins chain, store and network into a peer that operators and programs can talk to.
@NullMarked
module dev.cairn.node {
  requires static org.jspecify;
  requires transitive dev.cairn.core;
  requires transitive dev.cairn.files;
  requires transitive dev.cairn.libp2p;
  requires transitive dev.cairn.storage;
  requires transitive jakarta.json;
  requires com.electronwill.nightconfig.core;
  requires com.electronwill.nightconfig.toml;
  requires transitive io.helidon.http;
  requires transitive io.helidon.webserver;
  requires java.naming;

  exports dev.cairn.node;
  exports dev.cairn.node.api;
  exports dev.cairn.node.chain;
  exports dev.cairn.node.config;
  exports dev.cairn.node.dht;
  exports dev.cairn.node.discovery;
  exports dev.cairn.node.files;
  exports dev.cairn.node.gateway;
  exports dev.cairn.node.keys;
  exports dev.cairn.node.metrics;
  exports dev.cairn.node.rpc;
}
