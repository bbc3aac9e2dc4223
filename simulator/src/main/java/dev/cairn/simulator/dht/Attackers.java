package dev.cairn.simulator.dht;

import dev.cairn.libp2p.kad.KadKey;
import dev.cairn.libp2p.kad.KadMessage;
import dev.cairn.libp2p.kad.PeerAddresses;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// An attacker with many ids: each answers at once, knows no value and no provider, and tells of
/// the attacker's own ids nearest to whatever is looked for.
///
/// Owner: its [DhtWorld].
final class Attackers {

  private static final int TOLD = 20;
  private static final int PREFIX_HEX = 3;

  private final TreeMap<String, List<PeerAddresses>> byPrefix = new TreeMap<>();

  void add(PeerAddresses attacker) {
    String prefix = attacker.key().toString().substring(0, PREFIX_HEX);
    byPrefix.computeIfAbsent(prefix, p -> new ArrayList<>()).add(attacker);
  }

  KadMessage answer(KadMessage question) {
    return question.closer(nearest(question.key()));
  }

  /// The nearest of those that share the first bits, and of their neighbours until there are
  /// enough.
  private List<PeerAddresses> nearest(KadKey key) {
    String place = key.toString();
    List<PeerAddresses> found = new ArrayList<>();
    for (int length = PREFIX_HEX; length >= 0 && found.size() < TOLD; length--) {
      String prefix = place.substring(0, length);
      found.clear();
      byPrefix.subMap(prefix, prefix + "g").values().forEach(found::addAll);
    }
    found.sort((a, b) -> key.compareDistance(a.key(), b.key()));
    return found.subList(0, Math.min(TOLD, found.size()));
  }
}
