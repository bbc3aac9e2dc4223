package dev.cairn.core.sync;

import dev.cairn.core.SharedBytes;
import dev.cairn.core.block.Block;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import org.apache.tuweni.bytes.Bytes;

/// A block with what its engine puts beside it, as the topic `block` and the sync stream carry it:
/// `[[header, body], seal or null]` (spec/sync.md, "Block message").
///
/// @param seal one encoded CBOR item: the certificate that makes the block final, or the proposal
///   of a candidate; empty for none. Not verified here.
public record BlockMessage(Block block, Bytes seal) {

  /// Bytes of header, body and certificate together, a rule of consensus, and the envelope.
  public static final int BYTES_MAX = 1_000_000 + 8;

  /// Whether there is a seal, be it good or not.
  public boolean sealed() {
    return !seal.isEmpty();
  }

  /// Bytes of what it holds.
  public int size() {
    return block.headerBytes().size() + block.bodyBytes().size() + seal.size();
  }

  public byte[] encode() {
    return encode(block.headerBytes(), block.bodyBytes(), seal);
  }

  /// The message of a block as it is stored, without decoding it.
  public static byte[] encode(StoredBlock stored) {
    return encode(stored.header(), stored.body(), stored.certificate());
  }

  private static byte[] encode(Bytes header, Bytes body, Bytes seal) {
    int size = 2 + header.size() + body.size() + Math.max(1, seal.size());
    CborWriter writer = new CborWriter(size).array(2).array(2);
    writer.raw(header.toArrayUnsafe()).raw(body.toArrayUnsafe());
    if (seal.isEmpty()) {
      writer.nul();
    } else {
      writer.raw(seal.toArrayUnsafe());
    }
    return writer.toBytes();
  }

  /// @throws MalformedException when it is too long, not in form, or its body is not the one that
  ///   its header links
  public static BlockMessage decode(byte[] message) {
    if (message.length > BYTES_MAX) {
      throw new MalformedException("block message of " + message.length + " bytes");
    }
    CborReader reader = new CborReader(message);
    reader.array(2);
    reader.array(2);
    Slice header = reader.item();
    Slice body = reader.item();
    Bytes seal = Bytes.EMPTY;
    if (!reader.tryNull()) {
      seal = SharedBytes.of(reader.item());
    }
    reader.end();
    return new BlockMessage(Block.decode(header.copy(), body.copy()), seal);
  }
}
