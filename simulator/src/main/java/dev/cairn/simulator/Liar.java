package dev.cairn.simulator;

import dev.cairn.core.sync.BlocksRequest;
import dev.cairn.simulator.SimGossip.Topic;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// What a dishonest node does beside, or instead of, what its machine says. The machine itself is
/// the real one, so that the liar knows all that an honest node knows.
///
/// Owner: its [SimNode].
interface Liar {

  /// Lies like this from now on; null for honesty.
  void lie(@org.jspecify.annotations.Nullable Fault how);

  /// Its machine wants to publish this; true when the liar has seen to it and the machine's message
  /// is not to be sent.
  boolean publishes(Topic topic, Bytes data);

  /// It received this.
  void hears(Topic topic, Bytes data);

  /// From time to time, for lies that need no occasion.
  void idle();

  /// What it says of its chain when a peer asks.
  ///
  /// @param truth the encoded status of its machine
  default byte[] status(byte[] truth) {
    return truth;
  }

  /// What it answers to a request for blocks; empty for never answering.
  ///
  /// @param truth the encoded block messages that its store has
  default Optional<List<byte[]>> serves(BlocksRequest request, List<byte[]> truth) {
    return Optional.of(truth);
  }
}
