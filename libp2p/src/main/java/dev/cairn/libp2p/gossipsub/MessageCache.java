package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The valid messages of the last few heartbeats, for peers that ask for them (gossipsub v1.0,
/// "Message Cache"). Owner: the machine.
final class MessageCache {

  private static final class Entry {
    final Message message;
    final long window;

    /// How often each peer was answered.
    private final Map<PeerId, Integer> answers = new LinkedHashMap<>(2);

    Entry(Message message, long window) {
      this.message = message;
      this.window = window;
    }
  }

  /// In the order of their arrival, so that the oldest are first.
  private final Map<MessageId, Entry> entries = new LinkedHashMap<>();

  private final int windows;
  private final int gossipWindows;
  private final long bytesMax;
  private long window;
  private long bytes;

  MessageCache(int windows, int gossipWindows, long bytesMax) {
    this.windows = windows;
    this.gossipWindows = gossipWindows;
    this.bytesMax = bytesMax;
  }

  void put(MessageId id, Message message) {
    if (entries.containsKey(id)) {
      return;
    }
    entries.put(id, new Entry(message, window));
    bytes += message.length();
    Iterator<Entry> oldest = entries.values().iterator();
    while (bytes > bytesMax) {
      bytes -= oldest.next().message.length();
      oldest.remove();
    }
  }

  boolean contains(MessageId id) {
    return entries.containsKey(id);
  }

  /// The message, unless the peer was answered `max` times already; counts as an answer.
  Optional<Message> answer(MessageId id, PeerId peer, int max) {
    Entry entry = entries.get(id);
    if (entry == null || entry.answers.getOrDefault(peer, 0) >= max) {
      return Optional.empty();
    }
    entry.answers.merge(peer, 1, Integer::sum);
    return Optional.of(entry.message);
  }

  /// The ids of the windows that are gossiped of, by topic.
  Map<String, List<MessageId>> recent() {
    Map<String, List<MessageId>> recent = new LinkedHashMap<>();
    entries.forEach(
        (id, entry) -> {
          if (entry.window > window - gossipWindows) {
            recent.computeIfAbsent(entry.message.topic(), t -> new ArrayList<>()).add(id);
          }
        });
    return recent;
  }

  /// Begins a new window and drops the oldest.
  void shift() {
    window++;
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext()) {
      Entry entry = oldest.next();
      if (entry.window > window - windows) {
        break;
      }
      bytes -= entry.message.length();
      oldest.remove();
    }
  }

  int size() {
    return entries.size();
  }

  long bytes() {
    return bytes;
  }
}
