package dev.cairn.libp2p.kad;

import dev.cairn.multiformats.MalformedException;
import java.util.Arrays;
import java.util.Optional;

/// The namespace `/cairn/` (spec/dht.md): under a peer id and a name stands a [SignedRecord] of
/// that peer. The higher sequence number wins, then the later end, then the larger bytes.
public final class SignedRecords implements RecordValidator {

  public static final String NAMESPACE = "cairn";

  public SignedRecords() {}

  @Override
  public Optional<String> fault(KadKey key, byte[] value, long wallMillis) {
    try {
      SignedRecord record = SignedRecord.open(value);
      if (!Arrays.equals(record.key(), key.shared())) {
        return Optional.of("a record of another key");
      }
      return record.validUntilMillis() <= wallMillis
          ? Optional.of("a record that has expired")
          : Optional.empty();
    } catch (MalformedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public boolean better(KadKey key, byte[] present, byte[] other) {
    SignedRecord a = SignedRecord.read(present);
    SignedRecord b = SignedRecord.read(other);
    if (a.sequence() != b.sequence()) {
      return b.sequence() > a.sequence();
    } else if (a.validUntilMillis() != b.validUntilMillis()) {
      return b.validUntilMillis() > a.validUntilMillis();
    }
    return Arrays.compareUnsigned(other, present) > 0;
  }
}
