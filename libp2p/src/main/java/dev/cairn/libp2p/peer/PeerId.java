package dev.cairn.libp2p.peer;

import dev.cairn.crypto.Sha256;
import dev.cairn.multiformats.Base58;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multibase;
import dev.cairn.multiformats.Multihash;
import java.util.Arrays;
import java.util.Optional;

/// The name of a peer: a multihash of its public key, and the key itself where that is at most 42
/// bytes long (libp2p peer-ids, "Peer Ids").
///
/// Ordered by its bytes.
public final class PeerId implements Comparable<PeerId> {

  /// Encoded keys up to this length are their own (identity) hash.
  public static final int INLINE_KEY_BYTES_MAX = 42;

  /// The longest text that is read: CIDv1 text of an inlined key takes under 80 characters.
  public static final int TEXT_CHARS_MAX = 128;

  private final byte[] bytes;
  private final int hash;
  private final String text;

  private PeerId(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
    this.text = Base58.encode(bytes);
  }

  public static PeerId of(PublicKey key) {
    byte[] encoded = key.encode();
    Multihash hash =
        encoded.length <= INLINE_KEY_BYTES_MAX
            ? Multihash.of(Multihash.IDENTITY, encoded)
            : Multihash.of(Multihash.SHA2_256, Sha256.digest(encoded));
    return new PeerId(hash.encode());
  }

  /// Reads the multihash.
  ///
  /// @throws MalformedException when it is neither a SHA-256 hash nor an inlined key
  public static PeerId decode(byte[] multihash) {
    return of(Multihash.decode(multihash));
  }

  private static PeerId of(Multihash hash) {
    if (hash.code() == Multihash.IDENTITY) {
      if (hash.digest().length > INLINE_KEY_BYTES_MAX) {
        throw new MalformedException("peer id with an inlined key over 42 bytes");
      }
      PublicKey.decode(hash.digest());
    } else if (hash.code() != Multihash.SHA2_256 || hash.digest().length != 32) {
      throw new MalformedException("peer id with a hash of another kind: " + hash.code());
    }
    return new PeerId(hash.encode());
  }

  /// Reads either text form: the bare base58 multihash (`12D3Koo...`, `Qm...`) or a CID with the
  /// codec libp2p-key in any multibase (libp2p peer-ids, "String representation").
  public static PeerId parse(String text) {
    if (text.length() > TEXT_CHARS_MAX) {
      throw new MalformedException("peer id of " + text.length() + " characters");
    }
    if (text.startsWith("1") || text.startsWith("Qm")) {
      return decode(Base58.decode(text));
    }
    byte[] cid = Multibase.decode(text);
    if (cid.length < 2 || cid[0] != 1 || cid[1] != Cid.LIBP2P_KEY) {
      throw new MalformedException("peer id is a CID without the codec libp2p-key");
    }
    return decode(Arrays.copyOfRange(cid, 2, cid.length));
  }

  /// The multihash.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// The public key, where the id holds it.
  public Optional<PublicKey> inlineKey() {
    Multihash hash = Multihash.decode(bytes);
    return hash.code() == Multihash.IDENTITY
        ? Optional.of(PublicKey.decode(hash.digest()))
        : Optional.empty();
  }

  /// The id as CIDv1 text in base32, the form for DNS labels and gateways.
  public String toCidText() {
    byte[] cid = new byte[bytes.length + 2];
    cid[0] = 1;
    cid[1] = (byte) Cid.LIBP2P_KEY;
    System.arraycopy(bytes, 0, cid, 2, bytes.length);
    return Multibase.encode('b', cid);
  }

  @Override
  public int compareTo(PeerId other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PeerId that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /// The base58 form.
  @Override
  public String toString() {
    return text;
  }
}
