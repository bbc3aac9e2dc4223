package dev.cairn.libp2p.kad;

import java.util.Optional;

/// Says which values may stand under the keys of a namespace, and which of two is the better one
/// (kad-dht, "Entry validation"). A namespace is the first part of a key: `pk` of `/pk/...`. Pure:
/// the same arguments give the same answers.
public interface RecordValidator {

  /// What is wrong with a value; empty when it may stand.
  ///
  /// @param wallMillis the time at which it is asked, in milliseconds since 1970
  Optional<String> fault(KadKey key, byte[] value, long wallMillis);

  /// Whether the second of two valid values is better than the first.
  boolean better(KadKey key, byte[] present, byte[] other);
}
