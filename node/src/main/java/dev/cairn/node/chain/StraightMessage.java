package dev.cairn.node.chain;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// A message of the engine as it goes straight from one validator to another: a mark, then the
/// message (spec/consensus.md, "Straight to validators"). Its bytes are shared, and not to be
/// changed.
final class StraightMessage {

  /// The longest, its mark included.
  static final int BYTES_MAX = 1 + Topics.VOTE_MESSAGE_BYTES_MAX;

  private final boolean toAll;
  private final byte[] data;

  /// @param toAll whether its sender sends it straight to every other validator of the epoch
  StraightMessage(boolean toAll, byte[] data) {
    this.toAll = toAll;
    this.data = data;
  }

  boolean toAll() {
    return toAll;
  }

  byte[] data() {
    return data;
  }

  /// @throws MalformedException when it is empty or its mark unknown
  static StraightMessage decode(byte[] bytes) {
    if (bytes.length < 2) {
      throw new MalformedException("an empty message among votes");
    }
    if (bytes[0] != 0 && bytes[0] != 1) {
      throw new MalformedException("a message among votes with the mark " + bytes[0]);
    }
    return new StraightMessage(bytes[0] == 1, Arrays.copyOfRange(bytes, 1, bytes.length));
  }

  /// Writes it behind its length.
  void writeTo(ByteArrayOutputStream out) {
    out.writeBytes(Varint.encode(1 + data.length));
    out.write(toAll ? 1 : 0);
    out.writeBytes(data);
  }
}
