package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.limits.AddressGroup;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Peers that have answered us, in buckets by the leading bits that their keys share with ours
/// (kad-dht, "Kademlia routing table").
///
/// A peer counts for the network that its connection came from: few of one network get into a
/// bucket and into the table, so that whoever makes many keys has to have many networks too. In a
/// full bucket, one that fails gives way; one that has been silent is asked first, and stays if it
/// answers: those who stay are those who have stayed longest, so a flood of new keys moves nobody.
///
/// Owner: its [KadMachine].
final class RoutingTable {

  private final PeerId selfId;
  private final KadKey self;
  private final TableParams params;
  private final TreeMap<Integer, Bucket> buckets = new TreeMap<>();
  private final Map<AddressGroup, Integer> networks = new LinkedHashMap<>();
  private int size;

  RoutingTable(PeerId self, TableParams params) {
    this.selfId = self;
    this.self = KadKey.of(self);
    this.params = params;
  }

  KadKey self() {
    return self;
  }

  int size() {
    return size;
  }

  /// The highest bucket that holds a peer, or -1.
  int deepest() {
    for (Map.Entry<Integer, Bucket> entry : buckets.descendingMap().entrySet()) {
      if (entry.getValue().size() > 0) {
        return entry.getKey();
      }
    }
    return -1;
  }

  private Bucket bucket(KadKey key) {
    return buckets.computeIfAbsent(self.commonPrefix(key), prefix -> new Bucket());
  }

  private Optional<Bucket> existing(KadKey key) {
    return Optional.ofNullable(buckets.get(self.commonPrefix(key)));
  }

  Optional<PeerAddresses> get(KadKey key, PeerId peer) {
    return existing(key).flatMap(bucket -> bucket.get(peer)).map(contact -> contact.peer);
  }

  boolean contains(PeerAddresses peer) {
    return get(peer.key(), peer.peer()).isPresent();
  }

  /// Whether a peer that is not in the table could get in, now or by waiting.
  boolean wants(PeerAddresses peer, Optional<Multiaddr> remote) {
    if (peer.peer().equals(selfId) || contains(peer)) {
      return false;
    }
    Optional<Bucket> bucket = existing(peer.key());
    return bucket.isEmpty() || hasRoom(bucket.get()) && fits(bucket.get(), networks(peer, remote));
  }

  private boolean hasRoom(Bucket bucket) {
    return bucket.size() < params.bucketSize()
        || bucket.waiting() < params.waitingMax()
        || bucket.failing().isPresent();
  }

  /// Notes that a peer has answered.
  ///
  /// @param remote where its connection leads, if known: what it counts for
  /// @return a silent peer to be asked whether it is still there, because this one wants its place
  Optional<PeerAddresses> seen(PeerAddresses peer, Optional<Multiaddr> remote, long nowNanos) {
    if (peer.peer().equals(selfId)) {
      return Optional.empty();
    }
    Bucket bucket = bucket(peer.key());
    Contact contact = bucket.get(peer.peer()).orElse(null);
    if (contact == null) {
      return newcomer(bucket, new Contact(peer, networks(peer, remote), nowNanos), nowNanos);
    }
    contact.seenNanos = nowNanos;
    contact.failures = 0;
    if (!peer.addresses().isEmpty()) {
      contact.peer = peer;
    }
    bucket.put(contact);
    if (remote.isPresent()) {
      moved(bucket, contact, networks(peer, remote));
    }
    return Optional.empty();
  }

  /// A peer that now comes from another network counts for that one, and goes when it is full.
  private void moved(Bucket bucket, Contact contact, List<AddressGroup> now) {
    if (contact.networks.equals(now)) {
      return;
    }
    take(bucket, contact);
    contact.networks = now;
    if (fits(bucket, now)) {
      place(bucket, contact);
    } else {
      promote(bucket);
    }
  }

  private Optional<PeerAddresses> newcomer(Bucket bucket, Contact contact, long nowNanos) {
    if (!fits(bucket, contact.networks)) {
      return Optional.empty();
    }
    if (bucket.size() < params.bucketSize()) {
      place(bucket, contact);
      return Optional.empty();
    }
    Optional<Contact> failing = bucket.failing();
    if (failing.isPresent()) {
      take(bucket, failing.get());
      place(bucket, contact);
      return Optional.empty();
    }
    bucket.await(contact, params.waitingMax());
    return bucket
        .eldest()
        .filter(eldest -> nowNanos - eldest.seenNanos >= params.staleAfter().toNanos())
        .map(eldest -> eldest.peer);
  }

  /// Notes that a peer has not answered. It goes when another waits for its place, or after
  /// [TableParams#failuresMax].
  void failed(PeerAddresses peer) {
    Bucket bucket = existing(peer.key()).orElse(null);
    Contact contact = bucket == null ? null : bucket.get(peer.peer()).orElse(null);
    if (bucket == null || contact == null) {
      existing(peer.key()).ifPresent(b -> b.forgetWaiting(peer.peer()));
      return;
    }
    contact.failures++;
    if (bucket.waiting() > 0 || contact.failures >= params.failuresMax()) {
      take(bucket, contact);
      promote(bucket);
    }
  }

  /// Takes out a peer that no longer serves the DHT.
  void remove(PeerId peer) {
    Bucket bucket = existing(KadKey.of(peer)).orElse(null);
    if (bucket == null) {
      return;
    }
    bucket.forgetWaiting(peer);
    bucket
        .get(peer)
        .ifPresent(
            contact -> {
              take(bucket, contact);
              promote(bucket);
            });
  }

  private void promote(Bucket bucket) {
    for (Contact candidate : bucket.candidates()) {
      if (bucket.size() < params.bucketSize() && fits(bucket, candidate.networks)) {
        place(bucket, candidate);
        return;
      }
    }
  }

  private void place(Bucket bucket, Contact contact) {
    bucket.put(contact);
    contact.networks.forEach(network -> networks.merge(network, 1, Integer::sum));
    size++;
  }

  private void take(Bucket bucket, Contact contact) {
    bucket.remove(contact.peer.peer());
    for (AddressGroup network : contact.networks) {
      networks.computeIfPresent(network, (n, count) -> count == 1 ? null : count - 1);
    }
    size--;
  }

  private List<AddressGroup> networks(PeerAddresses peer, Optional<Multiaddr> remote) {
    List<Multiaddr> counted = remote.map(List::of).orElse(peer.addresses());
    return counted.stream()
        .flatMap(a -> Reach.network(a, params.exemptLoopback(), params.exemptPrivate()).stream())
        .distinct()
        .toList();
  }

  private boolean fits(Bucket bucket, List<AddressGroup> of) {
    for (AddressGroup network : of) {
      if (networks.getOrDefault(network, 0) >= params.groupPerTableMax()
          || bucket.count(network) >= params.groupPerBucketMax()) {
        return false;
      }
    }
    return true;
  }

  /// The peers nearest to a key, the nearest first, those that fail after all others.
  ///
  /// @param max how many at most
  List<PeerAddresses> nearest(KadKey target, int max) {
    List<PeerAddresses> found = new ArrayList<>(Math.min(max, params.bucketSize()));
    nearest(target, max, false, found);
    if (found.size() < max) {
      nearest(target, max, true, found);
    }
    return found;
  }

  /// The same without those that fail: what others are told.
  List<PeerAddresses> nearestSound(KadKey target, int max) {
    List<PeerAddresses> found = new ArrayList<>(Math.min(max, params.bucketSize()));
    nearest(target, max, false, found);
    return found;
  }

  /// Buckets in the order of their distance from the target: the one that it would be in, all that
  /// are nearer to ourselves (equally far from it, but for what sorting tells), then the farther
  /// ones one by one.
  private void nearest(KadKey target, int max, boolean failing, List<PeerAddresses> found) {
    int prefix = self.commonPrefix(target);
    Comparator<Contact> byDistance = (x, y) -> target.compareDistance(x.peer.key(), y.peer.key());
    List<Contact> batch = new ArrayList<>(2 * params.bucketSize());
    Bucket own = buckets.get(prefix);
    if (own != null) {
      own.addTo(batch);
    }
    drain(batch, byDistance, max, failing, found);
    if (found.size() < max) {
      buckets.tailMap(prefix, false).values().forEach(bucket -> bucket.addTo(batch));
      drain(batch, byDistance, max, failing, found);
    }
    for (Bucket farther : buckets.headMap(prefix, false).descendingMap().values()) {
      if (found.size() >= max) {
        return;
      }
      farther.addTo(batch);
      drain(batch, byDistance, max, failing, found);
    }
  }

  private static void drain(
      List<Contact> batch,
      Comparator<Contact> order,
      int max,
      boolean failing,
      List<PeerAddresses> found) {
    batch.removeIf(contact -> contact.failures > 0 != failing);
    batch.sort(order);
    for (Contact contact : batch) {
      if (found.size() < max) {
        found.add(contact.peer);
      }
    }
    batch.clear();
  }

  /// Peers that answered when they were asked last, the one heard of last first.
  List<PeerAddresses> good() {
    List<Contact> all = new ArrayList<>();
    buckets.values().forEach(bucket -> bucket.addTo(all));
    return all.stream()
        .filter(contact -> contact.failures == 0 && !contact.peer.addresses().isEmpty())
        .sorted(Comparator.<Contact>comparingLong(contact -> contact.seenNanos).reversed())
        .map(contact -> contact.peer)
        .toList();
  }

  TableSnapshot snapshot(long nowNanos) {
    List<TableSnapshot.Bucket> shown = new ArrayList<>();
    buckets.forEach(
        (prefix, bucket) -> {
          List<TableSnapshot.Entry> entries = new ArrayList<>();
          for (Contact contact : bucket.contacts()) {
            Duration silent = Duration.ofNanos(nowNanos - contact.seenNanos);
            entries.add(new TableSnapshot.Entry(contact.peer, silent, contact.failures));
          }
          if (!entries.isEmpty()) {
            shown.add(new TableSnapshot.Bucket(prefix, entries, bucket.waiting()));
          }
        });
    return new TableSnapshot(self, shown);
  }
}
