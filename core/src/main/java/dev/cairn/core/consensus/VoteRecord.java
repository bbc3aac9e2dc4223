package dev.cairn.core.consensus;

import dev.cairn.core.SharedBytes;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import org.apache.tuweni.bytes.Bytes;

/// What a validator must not forget: one record of its vote log.
///
/// An engine hands records out ([EngineEffect.Persist]) before it sends what relies on them, and
/// gets them back, in the same order, when the node starts again ([EngineInput.Started]). The bytes
/// are the engine's own; the log needs only the place of the record, which tells it when the record
/// may go ([EngineEffect.Prune]).
///
/// @param kind what the bytes are
/// @param epoch the epoch that the record belongs to, from 0
/// @param slot the slot within that epoch, from 0
/// @param content the engine's bytes; empty for a floor
public record VoteRecord(Kind kind, long epoch, long slot, Bytes content) {

  /// Content of one record, in bytes: the largest block of the protocol with its proposal.
  public static final int CONTENT_BYTES_MAX = 1_001_024;

  /// One encoded record, in bytes.
  public static final int BYTES_MAX = CONTENT_BYTES_MAX + 32;

  /// The kinds of records.
  public enum Kind {
    /// A vote of this validator, as it was signed. A repeat sends these bytes again.
    VOTE(0),
    /// A candidate block that this validator proposed or voted for, with its proposal; with proof
    /// of work, a block that is not final.
    CANDIDATE(1),
    /// No vote may be cast at or below this epoch and slot. A log writes one when it drops records,
    /// so that a chain that is fetched again from the start does not make the validator vote twice.
    FLOOR(2),
    /// A certificate on which a vote of this validator rests that excludes other votes: if all
    /// forgot it, those who voted upon it could neither go on nor go back.
    CERTIFICATE(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Kind of(long code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new MalformedException("unknown kind of vote record " + code);
    }
  }

  public VoteRecord {
    if (epoch < 0 || slot < 0) {
      throw new MalformedException("a vote record of epoch " + epoch + ", slot " + slot);
    }
    if (content.size() > CONTENT_BYTES_MAX) {
      throw new MalformedException("a vote record of " + content.size() + " bytes");
    }
  }

  /// The record with which a log replaces all that it drops.
  public static VoteRecord floor(long epoch, long slot) {
    return new VoteRecord(Kind.FLOOR, epoch, slot, Bytes.EMPTY);
  }

  /// Whether this record stands at or below a place: what [EngineEffect.Prune] lets go.
  public boolean atOrBelow(long otherEpoch, long otherSlot) {
    return epoch < otherEpoch || (epoch == otherEpoch && slot <= otherSlot);
  }

  /// `[kind, epoch, slot, content]` in strict DAG-CBOR.
  public byte[] encode() {
    int size = 1 + CborWriter.uintSize(kind.code) + CborWriter.uintSize(epoch);
    size += CborWriter.uintSize(slot) + CborWriter.bytesSize(content.size());
    CborWriter writer = new CborWriter(size).array(4);
    writer.uint(kind.code).uint(epoch).uint(slot).bytes(content.toArrayUnsafe());
    return writer.toBytes();
  }

  /// Reads a record from an array that must not change afterwards.
  ///
  /// @throws MalformedException when the bytes are not exactly one record
  public static VoteRecord decode(byte[] encoded) {
    CborReader reader = new CborReader(encoded);
    reader.array(4);
    Kind kind = Kind.of(reader.uint());
    long epoch = reader.uint();
    long slot = reader.uint();
    Slice content = reader.bytesSlice(CONTENT_BYTES_MAX);
    reader.end();
    return new VoteRecord(kind, epoch, slot, SharedBytes.of(content));
  }
}
