package dev.cairn.simulator;

import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// What peers send each other, in the encodings of the real network.
sealed interface Packet {

  /// A gossiped message, on one of the three topics.
  record Gossip(Topic topic, Bytes data) implements Packet {}

  enum Topic {
    TX,
    BLOCK,
    VOTE
  }

  /// A status, to be answered by another when it asks.
  record StatusSent(Bytes status, boolean asks) implements Packet {}

  record BlocksAsked(long requestId, Bytes request) implements Packet {}

  record BlocksSent(long requestId, List<Bytes> messages) implements Packet {}
}
