package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.limits.AddressGroup;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who has told that it provides which key (kad-dht, "Content provider advertisement").
///
/// Bounded by key, by provider, by the network that the provider came from, and in all: what is
/// over a limit is refused, and what is there lasts its time, so a flood cannot push anything out.
///
/// Owner: its [KadMachine].
final class ProviderStore {

  /// Bytes of all addresses of one record; further addresses are left out. A peer has about 100,
  /// and what a stranger may have kept here has to fit a small heap.
  static final int ADDRESS_BYTES_MAX = 256;

  private record Entry(PeerAddresses provider, Optional<AddressGroup> network, long addedNanos) {}

  private final StoreParams params;
  private final TableParams table;
  private final Map<KadKey, LinkedHashMap<PeerId, Entry>> byKey = new LinkedHashMap<>();
  private final Map<PeerId, Integer> bySender = new LinkedHashMap<>();
  private final Map<AddressGroup, Integer> byNetwork = new LinkedHashMap<>();
  private int size;

  ProviderStore(StoreParams params, TableParams table) {
    this.params = params;
    this.table = table;
  }

  int size() {
    return size;
  }

  /// Adds a record or renews it; false when a limit forbids it.
  boolean add(KadKey key, PeerAddresses provider, Optional<Multiaddr> remote, long nowNanos) {
    Optional<AddressGroup> network =
        remote.flatMap(a -> Reach.network(a, table.exemptLoopback(), table.exemptPrivate()));
    LinkedHashMap<PeerId, Entry> entries = byKey.get(key);
    Entry present = entries == null ? null : entries.get(provider.peer());
    if (present != null) {
      drop(key, present);
    } else if (!admits(entries == null ? Map.of() : entries, provider.peer(), network)) {
      return false;
    }
    byKey
        .computeIfAbsent(key, k -> new LinkedHashMap<>())
        .put(provider.peer(), new Entry(provider.within(ADDRESS_BYTES_MAX), network, nowNanos));
    bySender.merge(provider.peer(), 1, Integer::sum);
    network.ifPresent(n -> byNetwork.merge(n, 1, Integer::sum));
    size++;
    return true;
  }

  private boolean admits(
      Map<PeerId, Entry> entries, PeerId sender, Optional<AddressGroup> network) {
    if (size >= params.providersMax()
        || entries.size() >= params.providersPerKeyMax()
        || bySender.getOrDefault(sender, 0) >= params.providersPerSenderMax()) {
      return false;
    }
    if (network.isEmpty()) {
      return true;
    }
    long sameNetwork =
        entries.values().stream().filter(entry -> entry.network().equals(network)).count();
    return sameNetwork < params.providersPerKeyGroupMax()
        && byNetwork.getOrDefault(network.get(), 0) < params.providersPerGroupMax();
  }

  private void drop(KadKey key, Entry entry) {
    LinkedHashMap<PeerId, Entry> entries = byKey.get(key);
    if (entries == null || entries.remove(entry.provider().peer()) == null) {
      return;
    }
    if (entries.isEmpty()) {
      byKey.remove(key);
    }
    less(bySender, entry.provider().peer());
    entry.network().ifPresent(network -> less(byNetwork, network));
    size--;
  }

  private static <K> void less(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
  }

  /// The providers of a key, the one that told last first; addresses that are too old are left out.
  List<PeerAddresses> get(KadKey key, long nowNanos) {
    LinkedHashMap<PeerId, Entry> entries = byKey.get(key);
    if (entries == null) {
      return List.of();
    }
    List<PeerAddresses> found = new ArrayList<>();
    for (Entry entry : entries.sequencedValues().reversed()) {
      long age = nowNanos - entry.addedNanos();
      if (age < params.addressTtl().toNanos()) {
        found.add(entry.provider());
      } else if (age < params.providerTtl().toNanos()) {
        found.add(entry.provider().at(List.of()));
      }
    }
    return found;
  }

  /// Drops what has expired.
  void expire(long nowNanos) {
    long ttl = params.providerTtl().toNanos();
    for (KadKey key : List.copyOf(byKey.keySet())) {
      List<Entry> entries = List.copyOf(byKey.getOrDefault(key, new LinkedHashMap<>()).values());
      for (Entry entry : entries) {
        if (nowNanos - entry.addedNanos() < ttl) {
          break;
        }
        drop(key, entry);
      }
    }
  }
}
