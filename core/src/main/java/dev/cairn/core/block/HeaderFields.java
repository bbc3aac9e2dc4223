package dev.cairn.core.block;

import dev.cairn.core.Hash;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// What a block's seal covers: `[version, height, time, parent, body, txRoot, stateRoot,
/// consensus]`.
///
/// @param height 0 for the genesis block, one more than the parent's otherwise
/// @param time milliseconds since 1970-01-01 UTC, strictly above the parent's
/// @param parent empty for the genesis block only
/// @param txRoot the [TransactionTree] over the body
/// @param stateRoot commits to the state after the block
/// @param consensus the engine's own tuple, one encoded array
public record HeaderFields(
    long height,
    long time,
    Optional<Cid> parent,
    Cid body,
    Hash txRoot,
    Hash stateRoot,
    Bytes consensus) {

  /// The only version so far.
  public static final int VERSION = 1;

  /// The longest consensus tuple, in bytes.
  public static final int CONSENSUS_BYTES_MAX = 1024;

  public HeaderFields {
    if (parent.isEmpty() != (height == 0)) {
      throw new MalformedException("the genesis block, and no other, has height 0 and no parent");
    }
    if (consensus.size() > CONSENSUS_BYTES_MAX) {
      throw new MalformedException("a consensus tuple of " + consensus.size() + " bytes");
    }
  }

  static HeaderFields read(CborReader reader) {
    reader.array(8);
    long version = reader.uint();
    if (version != VERSION) {
      throw new MalformedException("unknown block version " + version);
    }
    long height = reader.uint();
    long time = reader.uint();
    Optional<Cid> parent =
        reader.tryNull() ? Optional.empty() : Optional.of(chainLink(reader.link()));
    Cid body = chainLink(reader.link());
    Hash txRoot = Hash.of(reader.bytesOf(Hash.BYTES));
    Hash stateRoot = Hash.of(reader.bytesOf(Hash.BYTES));
    if (reader.peek() != CborReader.Type.ARRAY) {
      throw new MalformedException("a consensus tuple is an array");
    }
    Bytes consensus = Bytes.wrap(reader.item().copy());
    return new HeaderFields(height, time, parent, body, txRoot, stateRoot, consensus);
  }

  /// The canonical encoding, which is what the seal is made over.
  public byte[] encode() {
    CborWriter writer = new CborWriter().array(8).uint(VERSION).uint(height).uint(time);
    parent.ifPresentOrElse(writer::link, writer::nul);
    writer.link(body).bytes(txRoot.bytes()).bytes(stateRoot.bytes());
    return writer.raw(consensus.toArrayUnsafe()).toBytes();
  }

  /// Objects of the chain link to each other by one kind of CID only, so that none has two names.
  private static Cid chainLink(Cid cid) {
    if (cid.codec() != Cid.DAG_CBOR || !cid.isSha256()) {
      throw new MalformedException("not a dag-cbor sha2-256 CID: " + cid);
    }
    return cid;
  }
}
