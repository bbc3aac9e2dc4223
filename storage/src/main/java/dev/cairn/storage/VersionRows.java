package dev.cairn.storage;

import dev.cairn.core.ledger.Commit;
import dev.cairn.core.ledger.RecordVersion;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.Arrays;
import org.apache.tuweni.bytes.Bytes;

/// Makes the rows of the versions that one block wrote, in their order: values are looked for in
/// its body one behind the other, as its transactions stand there.
final class VersionRows {

  /// Values from this many bytes on are looked for in the body.
  static final int SHARED_BYTES_MIN = 256;

  /// How far behind the last value the next is looked for: past the end of one transaction and to
  /// the end of the next. One that is further away is kept whole.
  static final int AHEAD_BYTES_MAX = 2 * Transaction.BYTES_MAX;

  private final long height;
  private final byte[] body;
  private int from;

  VersionRows(Commit commit) {
    this.height = commit.height();
    this.body = commit.block().body().toArrayUnsafe();
  }

  VersionRow next(RecordVersion version) {
    Bytes entry = version.entry();
    if (version.key().kind() != StateKey.RECORD || entry.size() < SHARED_BYTES_MIN) {
      return new VersionRow.Whole(entry);
    }
    RecordEntry record = RecordEntry.decode(entry);
    if (!(record.value().orElse(null) instanceof RecordValue.Inline(Bytes value))
        || value.size() < SHARED_BYTES_MIN) {
      return new VersionRow.Whole(entry);
    }
    int end = entry.size() - CborWriter.linkSize(record.transaction());
    int start = end - value.size();
    int offset = find(entry.toArrayUnsafe(), start, end);
    if (offset < 0) {
      return new VersionRow.Whole(entry);
    }
    from = offset + value.size();
    return new VersionRow.Part(
        height, offset, value.size(), entry.slice(0, start), entry.slice(end));
  }

  /// Where the body has these bytes, or -1.
  private int find(byte[] entry, int start, int end) {
    int last = Math.min(body.length - (end - start), from + AHEAD_BYTES_MAX);
    for (int at = from; at <= last; at++) {
      if (body[at] == entry[start]
          && Arrays.equals(body, at, at + end - start, entry, start, end)) {
        return at;
      }
    }
    return -1;
  }
}
