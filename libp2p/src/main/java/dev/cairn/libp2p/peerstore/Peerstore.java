package dev.cairn.libp2p.peerstore;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The peers that this host has heard of, and where they listen.
///
/// Bounded: above [#peersMax] the peer that was not looked at for the longest time is forgotten,
/// above [#ADDRESSES_MAX] a peer's address that expires first. Shared by many threads; guarded by
/// its own lock.
public final class Peerstore {

  public static final int PEERS_MAX = 1_024;
  public static final int ADDRESSES_MAX = 16;

  /// Longer envelopes of signed records are not kept: 16 addresses take about 400 bytes.
  public static final int RECORD_BYTES_MAX = 2_048;

  /// How long an address that a peer said of itself is kept (kad-dht gives provider addresses the
  /// same 24 hours).
  public static final Duration TOLD_TTL = Duration.ofHours(24);

  /// How long an address is kept on which the peer has just answered.
  public static final Duration PROVEN_TTL = Duration.ofDays(7);

  private static final class Entry {
    /// Address -> wall-clock milliseconds at which it expires.
    final Map<Multiaddr, Long> addresses = new LinkedHashMap<>();

    long recordSequence = -1;
    Optional<byte[]> record = Optional.empty();
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<PeerId, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final int peersMax;
  private final Clock clock;

  public Peerstore(Clock clock) {
    this(PEERS_MAX, clock);
  }

  public Peerstore(int peersMax, Clock clock) {
    if (peersMax < 1) {
      throw new IllegalArgumentException("a peerstore for " + peersMax + " peers");
    }
    this.peersMax = peersMax;
    this.clock = clock;
  }

  public int peersMax() {
    return peersMax;
  }

  /// Adds addresses of a peer, or lengthens the life of those known already.
  public void add(PeerId peer, List<Multiaddr> addresses, Duration ttl) {
    long expiry = clock.now().wallMillis() + ttl.toMillis();
    lock.lock();
    try {
      Entry entry = entry(peer);
      for (Multiaddr address : addresses) {
        put(entry, address, expiry);
      }
      trim(entry);
    } finally {
      lock.unlock();
    }
  }

  private static void put(Entry entry, Multiaddr address, long expiry) {
    entry.addresses.merge(address, expiry, Math::max);
  }

  /// Takes the addresses of a signed peer record in place of all known before.
  ///
  /// @param sequence the record's; false, and nothing changes, when it is not above the last one
  ///   taken (RFC 0003, "Signed peer record")
  public boolean replace(PeerId peer, List<Multiaddr> addresses, long sequence, Duration ttl) {
    long expiry = clock.now().wallMillis() + ttl.toMillis();
    lock.lock();
    try {
      Entry entry = entry(peer);
      if (sequence <= entry.recordSequence) {
        return false;
      }
      entry.recordSequence = sequence;
      entry.addresses.clear();
      addresses.forEach(address -> put(entry, address, expiry));
      trim(entry);
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Keeps the envelope of the record that [#replace] has just taken, to hand it on.
  public void keepRecord(PeerId peer, long sequence, byte[] envelope) {
    lock.lock();
    try {
      Entry entry = entries.get(peer);
      if (entry != null && entry.recordSequence == sequence) {
        entry.record =
            envelope.length <= RECORD_BYTES_MAX ? Optional.of(envelope.clone()) : Optional.empty();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The envelope of the last signed record taken from the peer.
  public Optional<byte[]> record(PeerId peer) {
    lock.lock();
    try {
      return Optional.ofNullable(entries.get(peer)).flatMap(e -> e.record).map(byte[]::clone);
    } finally {
      lock.unlock();
    }
  }

  /// The sequence number of the last signed record taken from the peer.
  public Optional<Long> recordSequence(PeerId peer) {
    lock.lock();
    try {
      Entry entry = entries.get(peer);
      return entry == null || entry.recordSequence < 0
          ? Optional.empty()
          : Optional.of(entry.recordSequence);
    } finally {
      lock.unlock();
    }
  }

  /// The addresses of a peer that have not expired, the one that lasts longest first.
  public List<Multiaddr> addresses(PeerId peer) {
    long now = clock.now().wallMillis();
    lock.lock();
    try {
      Entry entry = entries.get(peer);
      if (entry == null) {
        return List.of();
      }
      entry.addresses.values().removeIf(expiry -> expiry <= now);
      return entry.addresses.entrySet().stream()
          .sorted(Map.Entry.<Multiaddr, Long>comparingByValue().reversed())
          .map(Map.Entry::getKey)
          .toList();
    } finally {
      lock.unlock();
    }
  }

  /// All peers known, the one looked at last at the end.
  public List<PeerId> peers() {
    lock.lock();
    try {
      return List.copyOf(entries.keySet());
    } finally {
      lock.unlock();
    }
  }

  public void forget(PeerId peer) {
    lock.lock();
    try {
      entries.remove(peer);
    } finally {
      lock.unlock();
    }
  }

  /// Writes peers and addresses to a file, whole or not at all.
  public void save(Path file) throws IOException {
    PeerstoreFile.save(file, snapshot());
  }

  /// Adds what [#save] wrote. Addresses that have expired meanwhile are left out.
  ///
  /// @throws IOException with a sentence for the operator when the file is damaged; nothing is
  ///   added then
  public void load(Path file) throws IOException {
    List<PeerstoreFile.Line> lines = PeerstoreFile.load(file);
    long now = clock.now().wallMillis();
    lock.lock();
    try {
      for (PeerstoreFile.Line line : lines) {
        if (line.expiryMillis() > now) {
          Entry entry = entry(line.peer());
          put(entry, line.address(), line.expiryMillis());
          trim(entry);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private List<PeerstoreFile.Line> snapshot() {
    List<PeerstoreFile.Line> lines = new ArrayList<>();
    lock.lock();
    try {
      entries.forEach(
          (peer, entry) ->
              entry.addresses.forEach(
                  (address, expiry) -> lines.add(new PeerstoreFile.Line(peer, address, expiry))));
    } finally {
      lock.unlock();
    }
    return lines;
  }

  private Entry entry(PeerId peer) {
    Entry entry = entries.computeIfAbsent(peer, p -> new Entry());
    while (entries.size() > peersMax) {
      entries.pollFirstEntry();
    }
    return entry;
  }

  private static void trim(Entry entry) {
    while (entry.addresses.size() > ADDRESSES_MAX) {
      entry.addresses.entrySet().stream()
          .min(Comparator.comparing(Map.Entry::getValue))
          .map(Map.Entry::getKey)
          .ifPresent(entry.addresses::remove);
    }
  }
}
