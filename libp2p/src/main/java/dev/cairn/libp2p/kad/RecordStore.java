package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.limits.AddressGroup;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The values that this node keeps (kad-dht, "Value storage and retrieval"), each checked by the
/// validator of its namespace when it comes and when it goes. Bounded in all, by sender, and by the
/// network that it came from. For this node's own there is always room, up to what one sender may
/// have: others could fill all there is.
///
/// Owner: its [KadMachine].
final class RecordStore {

  private static final int NAMESPACE_BYTES_MAX = 32;

  /// RFC 3339 with nine digits after the point, as go and js write and read it.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

  private record Entry(
      KadRecord record, PeerId sender, Optional<AddressGroup> network, long addedNanos) {
    int bytes() {
      return record.key().length() + record.shared().length;
    }
  }

  private final PeerId self;
  private final StoreParams params;
  private final TableParams table;
  private final Map<String, RecordValidator> validators;
  private final LinkedHashMap<KadKey, Entry> entries = new LinkedHashMap<>();
  private final Map<PeerId, Integer> bySender = new LinkedHashMap<>();
  private final Map<AddressGroup, Integer> byNetwork = new LinkedHashMap<>();
  private long bytes;

  /// @param table for which networks are not counted
  RecordStore(
      PeerId self, StoreParams params, TableParams table, Map<String, RecordValidator> validators) {
    this.self = self;
    this.params = params;
    this.table = table;
    this.validators = validators;
  }

  int size() {
    return entries.size();
  }

  /// The first part of a key: `pk` of `/pk/...`; empty when it has none.
  static String namespace(KadKey key) {
    byte[] bytes = key.shared();
    if (bytes.length == 0 || bytes[0] != '/') {
      return "";
    }
    for (int i = 1; i < bytes.length && i <= NAMESPACE_BYTES_MAX; i++) {
      if (bytes[i] == '/') {
        return new String(bytes, 1, i - 1, StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  /// What is wrong with a record; empty when it may stand.
  Optional<String> fault(KadRecord record, long wallMillis) {
    RecordValidator validator = validators.get(namespace(record.key()));
    if (validator == null) {
      return Optional.of("no such namespace: " + namespace(record.key()));
    }
    if (record.shared().length > KadCodec.VALUE_BYTES_MAX) {
      return Optional.of("a value of " + record.shared().length + " bytes");
    }
    return validator.fault(record.key(), record.shared(), wallMillis);
  }

  /// Whether the second of two valid records of one key is better.
  boolean better(KadRecord present, KadRecord other) {
    RecordValidator validator = validators.get(namespace(present.key()));
    return validator != null && validator.better(present.key(), present.shared(), other.shared());
  }

  /// Keeps a record.
  ///
  /// @param remote where the sender's connection comes from, if known
  /// @return why not; empty when it is kept
  Optional<String> put(KadRecord record, PeerId sender, Optional<Multiaddr> remote, Step step) {
    Optional<String> fault = fault(record, step.now().wallMillis());
    if (fault.isPresent()) {
      return fault;
    }
    Entry present = entries.get(record.key());
    if (present != null && !expired(present, step)) {
      if (!present.record().sameValue(record) && !better(present.record(), record)) {
        return Optional.of("a better record is there");
      }
    }
    if (present != null) {
      drop(present);
    }
    Instant received = Instant.ofEpochMilli(step.now().wallMillis());
    KadRecord stamped = new KadRecord(record.key(), record.shared(), TIME.format(received));
    Optional<AddressGroup> network =
        remote.flatMap(a -> Reach.network(a, table.exemptLoopback(), table.exemptPrivate()));
    Entry entry = new Entry(stamped, sender, network, step.nanos());
    if (!admits(entry)) {
      if (present != null) {
        add(present);
      }
      return Optional.of("no room for it");
    }
    add(entry);
    return Optional.empty();
  }

  private boolean admits(Entry entry) {
    if (bySender.getOrDefault(entry.sender(), 0) >= params.recordsPerSenderMax()) {
      return false;
    }
    boolean crowded =
        entry.network().map(n -> byNetwork.getOrDefault(n, 0)).orElse(0)
            >= params.recordsPerGroupMax();
    return entry.sender().equals(self)
        || entries.size() < params.recordsMax()
            && bytes + entry.bytes() <= params.recordBytesMax()
            && !crowded;
  }

  private void add(Entry entry) {
    entries.put(entry.record().key(), entry);
    bySender.merge(entry.sender(), 1, Integer::sum);
    entry.network().ifPresent(network -> byNetwork.merge(network, 1, Integer::sum));
    bytes += entry.bytes();
  }

  private void drop(Entry entry) {
    entries.remove(entry.record().key());
    less(bySender, entry.sender());
    entry.network().ifPresent(network -> less(byNetwork, network));
    bytes -= entry.bytes();
  }

  private static <K> void less(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (k, count) -> count == 1 ? null : count - 1);
  }

  private boolean expired(Entry entry, Step step) {
    return step.nanos() - entry.addedNanos() >= params.recordTtl().toNanos()
        || fault(entry.record(), step.now().wallMillis()).isPresent();
  }

  Optional<KadRecord> get(KadKey key, Step step) {
    Entry entry = entries.get(key);
    return entry == null || expired(entry, step) ? Optional.empty() : Optional.of(entry.record());
  }

  /// Drops what has been kept for its time.
  void expire(long nowNanos) {
    for (Entry entry : List.copyOf(entries.values())) {
      if (nowNanos - entry.addedNanos() >= params.recordTtl().toNanos()) {
        drop(entry);
      }
    }
  }
}
