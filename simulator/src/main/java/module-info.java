import org.jspecify.annotations.NullMarked;

/// Virtual time, a seeded network and faults around the machines that a node runs.
@NullMarked
module dev.cairn.simulator {
  requires static org.jspecify;
  requires transitive dev.cairn.core;
  requires dev.cairn.libp2p;

  exports dev.cairn.simulator;
  exports dev.cairn.simulator.dht;
}
