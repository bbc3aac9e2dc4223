package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the machine knows of one peer that is there; dropped whole when it leaves. Owner: the
/// machine.
final class PeerState {

  /// Heartbeats that an IDONTWANT is remembered.
  private static final int UNWANTED_HEARTBEATS = 3;

  final PeerId id;
  final boolean outbound;
  final boolean idontwant;
  final TopicMarks topics = new TopicMarks();

  /// RPCs with IHAVE read, and ids asked for in answer, since the last heartbeat.
  int ihaves;

  int idsAsked;

  /// What was rejected of it in the present window.
  int rejects;

  /// Ids that it said it does not want, each with the heartbeat at which that is forgotten.
  private final Map<MessageId, Long> unwanted = new LinkedHashMap<>();

  /// Messages of each topic that the next heartbeat tells it of.
  private final Map<String, List<MessageId>> owed = new LinkedHashMap<>(2);

  PeerState(PeerId id, boolean outbound, boolean idontwant) {
    this.id = id;
    this.outbound = outbound;
    this.idontwant = idontwant;
  }

  void addUnwanted(MessageId message, long heartbeat, int max) {
    if (unwanted.size() < max) {
      unwanted.putIfAbsent(message, heartbeat + UNWANTED_HEARTBEATS);
    }
  }

  boolean wants(MessageId message) {
    return unwanted.isEmpty() || !unwanted.containsKey(message);
  }

  int unwantedCount() {
    return unwanted.size();
  }

  void owe(String topic, MessageId message, int max) {
    List<MessageId> ids = owed.computeIfAbsent(topic, t -> new ArrayList<>());
    if (ids.size() < max) {
      ids.add(message);
    }
  }

  int owedCount() {
    return owed.values().stream().mapToInt(List::size).sum();
  }

  List<MessageId> takeOwed(String topic) {
    List<MessageId> ids = owed.remove(topic);
    return ids == null ? List.of() : ids;
  }

  void heartbeat(long number) {
    ihaves = 0;
    idsAsked = 0;
    var oldest = unwanted.values().iterator();
    while (oldest.hasNext() && oldest.next() <= number) {
      oldest.remove();
    }
  }

  @Override
  public String toString() {
    return id.toString();
  }
}
