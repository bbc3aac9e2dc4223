package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The values that this node keeps (kad-dht, "Value storage and retrieval"), each checked by the
/// validator of its namespace when it comes and when it goes. Bounded in all and by sender.
///
/// Owner: its [KadMachine].
final class RecordStore {

  private static final int NAMESPACE_BYTES_MAX = 32;

  /// RFC 3339 with nine digits after the point, as go and js write and read it.
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(9).toFormatter();

  private record Entry(KadRecord record, PeerId sender, long addedNanos) {
    int bytes() {
      return record.key().length() + record.shared().length;
    }
  }

  private final StoreParams params;
  private final Map<String, RecordValidator> validators;
  private final LinkedHashMap<KadKey, Entry> entries = new LinkedHashMap<>();
  private final Map<PeerId, Integer> bySender = new LinkedHashMap<>();
  private long bytes;

  RecordStore(StoreParams params, Map<String, RecordValidator> validators) {
    this.params = params;
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
  /// @return why not; empty when it is kept
  Optional<String> put(KadRecord record, PeerId sender, Step step) {
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
    Entry entry = new Entry(stamped, sender, step.nanos());
    if (entries.size() >= params.recordsMax()
        || bytes + entry.bytes() > params.recordBytesMax()
        || bySender.getOrDefault(sender, 0) >= params.recordsPerSenderMax()) {
      if (present != null) {
        add(present);
      }
      return Optional.of("no room for it");
    }
    add(entry);
    return Optional.empty();
  }

  private void add(Entry entry) {
    entries.put(entry.record().key(), entry);
    bySender.merge(entry.sender(), 1, Integer::sum);
    bytes += entry.bytes();
  }

  private void drop(Entry entry) {
    entries.remove(entry.record().key());
    bySender.computeIfPresent(entry.sender(), (s, count) -> count == 1 ? null : count - 1);
    bytes -= entry.bytes();
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
