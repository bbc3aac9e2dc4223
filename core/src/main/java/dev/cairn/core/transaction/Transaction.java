package dev.cairn.core.transaction;

import dev.cairn.core.Address;
import dev.cairn.core.SharedBytes;
import dev.cairn.crypto.Ed25519;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import org.apache.tuweni.bytes.Bytes;

/// A signed transaction, `[[version, sender, nonce, fee, validUntil, payload], signature]`.
///
/// It keeps the bytes that arrived and never serialises them again: its id, its signature and what
/// a block carries are all over those. Immutable. Two are equal when their ids are.
public final class Transaction {

  /// The only version so far.
  public static final int VERSION = 1;

  /// The largest transaction, in bytes.
  public static final int BYTES_MAX = 32 * 1024;

  private final Slice encoded;
  private final Slice signed;
  private final Cid id;
  private final Address sender;
  private final long nonce;
  private final long fee;
  private final long validUntil;
  private final Payload payload;

  private Transaction(
      Slice encoded,
      Slice signed,
      Address sender,
      long nonce,
      long fee,
      long validUntil,
      Payload payload) {
    this.encoded = encoded;
    this.signed = signed;
    this.id = Cid.hash(Cid.DAG_CBOR, encoded.source(), encoded.offset(), encoded.length());
    this.sender = sender;
    this.nonce = nonce;
    this.fee = fee;
    this.validUntil = validUntil;
    this.payload = payload;
  }

  /// Reads one transaction that fills the whole array, which must not change afterwards.
  ///
  /// @throws MalformedException when it is not a transaction
  public static Transaction decode(byte[] encoded) {
    if (encoded.length > BYTES_MAX) {
      throw tooLong(encoded.length);
    }
    CborReader reader = new CborReader(encoded);
    Transaction transaction = read(encoded, reader);
    reader.end();
    return transaction;
  }

  /// Reads the transaction that comes next, as in a block's body. It lies in that array from then
  /// on and keeps it alive: see [#alone].
  ///
  /// @param source the array that the reader reads, which must not change afterwards
  /// @throws MalformedException when it is not a transaction
  public static Transaction read(byte[] source, CborReader reader) {
    int start = reader.offset();
    reader.array(2);
    int signedStart = reader.offset();
    reader.array(6);
    long version = reader.uint();
    if (version != VERSION) {
      throw new MalformedException("unknown transaction version " + version);
    }
    Address sender = Address.of(reader.bytesOf(Address.BYTES));
    long nonce = reader.uint();
    long fee = reader.uint();
    long validUntil = reader.uint();
    Payload payload = TransactionHandlers.decode(reader);
    int signedLength = reader.offset() - signedStart;
    int signatureLength = reader.bytesSlice(Ed25519.SIGNATURE_BYTES).length();
    if (signatureLength != Ed25519.SIGNATURE_BYTES) {
      throw new MalformedException("a signature has 64 bytes, not " + signatureLength);
    }
    int length = reader.offset() - start;
    if (length > BYTES_MAX) {
      throw tooLong(length);
    }
    Slice encoded = new Slice(source, start, length);
    Slice signed = new Slice(source, signedStart, signedLength);
    return new Transaction(encoded, signed, sender, nonce, fee, validUntil, payload);
  }

  /// The same in an array of its own, for whoever keeps it longer than what it came in.
  public Transaction alone() {
    return encoded.length() == encoded.source().length ? this : decode(encoded.copy());
  }

  /// Makes and signs a transaction.
  ///
  /// @param fee base units
  /// @param validUntil the last header time, in milliseconds, at which it may be in a block
  /// @throws MalformedException when it would be too large
  public static Transaction sign(
      SigningDomain domain,
      Ed25519Key key,
      long nonce,
      long fee,
      long validUntil,
      Payload payload) {
    byte[] sender = key.publicKey();
    CborWriter fields = new CborWriter().array(6).uint(VERSION).bytes(sender);
    fields.uint(nonce).uint(fee).uint(validUntil);
    payload.write(fields);
    byte[] signed = fields.toBytes();
    byte[] signature =
        key.sign(domain.message(SigningDomain.TRANSACTION, new Slice(signed, 0, signed.length)));
    return decode(new CborWriter().array(2).raw(signed).bytes(signature).toBytes());
  }

  private static MalformedException tooLong(int length) {
    return new MalformedException(
        "a transaction has at most " + BYTES_MAX + " bytes, not " + length);
  }

  /// Whether the sender signed it for this chain. It costs about 30 us: see [VerifiedSignatures].
  public boolean verify(SigningDomain domain) {
    return Ed25519.verify(
        sender.publicKey(),
        domain.message(SigningDomain.TRANSACTION, signed),
        signature().toArrayUnsafe());
  }

  public Cid id() {
    return id;
  }

  public Address sender() {
    return sender;
  }

  /// How many transactions the sender has sent before this one.
  public long nonce() {
    return nonce;
  }

  /// Base units that go to the block's proposer.
  public long fee() {
    return fee;
  }

  /// The last header time, in milliseconds, at which it may be in a block.
  public long validUntil() {
    return validUntil;
  }

  public Payload payload() {
    return payload;
  }

  /// The 64 bytes of the signature.
  public Bytes signature() {
    int length = Ed25519.SIGNATURE_BYTES;
    return Bytes.wrap(encoded.source(), encoded.offset() + encoded.length() - length, length);
  }

  /// The bytes that arrived.
  public Bytes encoded() {
    return SharedBytes.of(encoded);
  }

  /// Writes the bytes that arrived as one item.
  public void write(CborWriter writer) {
    writer.raw(encoded);
  }

  /// How many bytes it has.
  public int size() {
    return encoded.length();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Transaction t && id.equals(t.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "transaction " + id + " (nonce " + nonce + " of " + sender + ")";
  }
}
