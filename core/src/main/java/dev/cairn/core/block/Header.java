package dev.cairn.core.block;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A block's header, `[fields, seal]`, with the bytes that arrived. Its CID is the block's.
/// Immutable; two are equal when their ids are.
public final class Header {

  /// The longest header, in bytes.
  public static final int BYTES_MAX = 4096;

  /// The longest seal, in bytes.
  public static final int SEAL_BYTES_MAX = 1024;

  private final byte[] encoded;
  private final Cid id;
  private final HeaderFields fields;
  private final Slice signed;
  private final Optional<Bytes> seal;

  private Header(byte[] encoded, HeaderFields fields, Slice signed, Optional<Bytes> seal) {
    this.encoded = encoded;
    this.id = Cid.hash(Cid.DAG_CBOR, encoded);
    this.fields = fields;
    this.signed = signed;
    this.seal = seal;
  }

  /// Reads a header that fills the whole array, which must not change afterwards.
  ///
  /// @throws MalformedException when it is not one
  public static Header decode(byte[] encoded) {
    if (encoded.length > BYTES_MAX) {
      throw new MalformedException("a header of " + encoded.length + " bytes is too large");
    }
    CborReader reader = new CborReader(encoded);
    reader.array(2);
    int start = reader.offset();
    HeaderFields fields = HeaderFields.read(reader);
    Slice signed = new Slice(encoded, start, reader.offset() - start);
    Optional<Bytes> seal =
        reader.tryNull() ? Optional.empty() : Optional.of(Bytes.wrap(reader.bytes(SEAL_BYTES_MAX)));
    reader.end();
    return new Header(encoded, fields, signed, seal);
  }

  /// Joins the encoded fields and the seal made over them; the genesis block has none.
  static Header of(byte[] encodedFields, Optional<Bytes> seal) {
    CborWriter writer = new CborWriter().array(2).raw(encodedFields);
    seal.ifPresentOrElse(s -> writer.bytes(s.toArrayUnsafe()), writer::nul);
    return decode(writer.toBytes());
  }

  public Cid id() {
    return id;
  }

  public HeaderFields fields() {
    return fields;
  }

  public long height() {
    return fields.height();
  }

  /// Milliseconds since 1970-01-01 UTC.
  public long time() {
    return fields.time();
  }

  /// Empty for the genesis block only.
  public Optional<Cid> parent() {
    return fields.parent();
  }

  /// The engine's own tuple, one encoded array.
  public Bytes consensus() {
    return fields.consensus();
  }

  /// The range that the seal is made over.
  public Slice signed() {
    return signed;
  }

  /// What the engine put beside the fields to show who made the block.
  public Optional<Bytes> seal() {
    return seal;
  }

  public Bytes encoded() {
    return Bytes.wrap(encoded);
  }

  public int size() {
    return encoded.length;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Header h && id.equals(h.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}
