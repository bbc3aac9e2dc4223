package dev.cairn.node.discovery;

import java.util.List;

/// Finds peers by looking around at random, such as in a DHT.
@FunctionalInterface
public interface PeerWalk {

  /// Looks around once; it blocks.
  List<Told> walk() throws InterruptedException;

  /// For a node without a DHT.
  static PeerWalk none() {
    return List::of;
  }
}
