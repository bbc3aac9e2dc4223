package dev.cairn.core.block;

import dev.cairn.core.Hash;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.Slice;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A header with the body that it links to. A certificate travels beside a block, not in it.
/// Immutable; two are equal when their ids are.
public final class Block {

  /// What header, body and certificate may count together, in bytes: gossip and Bitswap allow
  /// little more. A chain spec may set less.
  public static final int BYTES_MAX = 1_000_000;

  /// What a block leaves free for its certificate, in bytes.
  public static final int CERTIFICATE_BYTES_MAX = 32 * 1024;

  private final Header header;
  private final Body body;

  private Block(Header header, Body body) {
    this.header = header;
    this.body = body;
  }

  /// Puts a block together.
  ///
  /// @param consensus the engine's tuple, one encoded array
  public static Block seal(
      long height,
      long time,
      Optional<Cid> parent,
      Body body,
      Hash stateRoot,
      Bytes consensus,
      Sealer sealer) {
    Hash txRoot = TransactionTree.root(body.transactionIds());
    byte[] fields =
        new HeaderFields(height, time, parent, body.id(), txRoot, stateRoot, consensus).encode();
    return new Block(Header.of(fields, sealer.seal(height, Slice.of(fields))), body);
  }

  /// The same block with this seal, for an engine that finds the seal after the block was made.
  public Block withSeal(Bytes seal) {
    return new Block(Header.of(header.signed().copy(), Optional.of(seal)), body);
  }

  /// Reads a block from the two arrays, which must not change afterwards. The body must be the one
  /// that the header names by its link and its transaction root.
  ///
  /// @throws MalformedException when they are not a block
  public static Block decode(byte[] header, byte[] body) {
    return join(Header.decode(header), Body.decode(body));
  }

  /// Joins a header and its body.
  ///
  /// @throws MalformedException when the header names another body
  public static Block join(Header header, Body body) {
    if (!header.fields().body().equals(body.id())) {
      throw new MalformedException("the body is not the one that the header links to");
    }
    if (!header.fields().txRoot().equals(TransactionTree.root(body.transactionIds()))) {
      throw new MalformedException("the header's transaction root is not that of its body");
    }
    return new Block(header, body);
  }

  public Header header() {
    return header;
  }

  public Body body() {
    return body;
  }

  public Cid id() {
    return header.id();
  }

  public long height() {
    return header.height();
  }

  /// Empty for the genesis block only.
  public Optional<Cid> parent() {
    return header.parent();
  }

  public List<Transaction> transactions() {
    return body.transactions();
  }

  public Bytes headerBytes() {
    return header.encoded();
  }

  public Bytes bodyBytes() {
    return body.encoded();
  }

  /// Bytes of header and body together.
  public int size() {
    return header.size() + body.size();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Block b && id().equals(b.id());
  }

  @Override
  public int hashCode() {
    return id().hashCode();
  }

  @Override
  public String toString() {
    return "block " + height() + " " + id();
  }
}
