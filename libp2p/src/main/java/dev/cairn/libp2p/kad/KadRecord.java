package dev.cairn.libp2p.kad;

import java.util.Arrays;

/// A value under its key, as `PUT_VALUE` and `GET_VALUE` carry it (kad-dht, "RPC messages").
/// Immutable.
public final class KadRecord {

  private final KadKey key;
  private final byte[] value;
  private final String timeReceived;

  /// @param value not copied: it must not change any more
  /// @param timeReceived RFC 3339, set by whoever stores it; may be empty
  KadRecord(KadKey key, byte[] value, String timeReceived) {
    this.key = key;
    this.value = value;
    this.timeReceived = timeReceived;
  }

  public static KadRecord of(KadKey key, byte[] value) {
    return new KadRecord(key, value.clone(), "");
  }

  public KadKey key() {
    return key;
  }

  /// A copy.
  public byte[] value() {
    return value.clone();
  }

  byte[] shared() {
    return value;
  }

  public String timeReceived() {
    return timeReceived;
  }

  boolean sameValue(KadRecord that) {
    return Arrays.equals(value, that.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KadRecord that
        && Arrays.equals(key.shared(), that.key.shared())
        && Arrays.equals(value, that.value)
        && timeReceived.equals(that.timeReceived);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return "record of " + value.length + " bytes under " + key;
  }
}
