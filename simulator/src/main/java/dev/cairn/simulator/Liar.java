package dev.cairn.simulator;

import dev.cairn.simulator.SimGossip.Topic;
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
}
