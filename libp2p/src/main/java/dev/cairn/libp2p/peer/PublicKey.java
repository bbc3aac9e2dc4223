package dev.cairn.libp2p.peer;

import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import java.util.Arrays;

/// The public key of a peer: the four kinds of the libp2p peer-ids specification.
public sealed interface PublicKey
    permits Ed25519PublicKey, Secp256k1PublicKey, EcdsaPublicKey, RsaPublicKey {

  /// The longest encoded key that is read: RSA of 8,192 bits with room to spare.
  int ENCODED_BYTES_MAX = 2048;

  /// The number of the kind in the protobuf `KeyType`.
  int type();

  /// The key's own bytes, in the form that the specification gives for its kind.
  byte[] data();

  /// Whether the signature over the message is this key's. False for anything malformed.
  boolean verify(byte[] message, byte[] signature);

  /// The deterministic protobuf form: what peer ids are made of.
  default byte[] encode() {
    byte[] data = data();
    return new ProtobufWriter(data.length + 8).varint(1, type()).bytes(2, data).toBytes();
  }

  /// Reads the protobuf form. Only the deterministic encoding is taken, because another encoding of
  /// the same key would give the same key a second peer id.
  ///
  /// @throws MalformedException when it is not a key of a known kind
  static PublicKey decode(byte[] encoded) {
    if (encoded.length > ENCODED_BYTES_MAX) {
      throw new MalformedException("public key of " + encoded.length + " bytes");
    }
    ProtobufReader reader = new ProtobufReader(encoded);
    long type = -1;
    byte[] data = {};
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> type = reader.varint();
        case 2 -> data = reader.bytes(ENCODED_BYTES_MAX);
        default -> throw new MalformedException("public key with field " + reader.field());
      }
    }
    PublicKey key = of(type, data);
    if (!Arrays.equals(key.encode(), encoded)) {
      throw new MalformedException("public key is not in its deterministic encoding");
    }
    return key;
  }

  private static PublicKey of(long type, byte[] data) {
    if (type == RsaPublicKey.TYPE) {
      return new RsaPublicKey(data);
    } else if (type == Ed25519PublicKey.TYPE) {
      return new Ed25519PublicKey(data);
    } else if (type == Secp256k1PublicKey.TYPE) {
      return new Secp256k1PublicKey(data);
    } else if (type == EcdsaPublicKey.TYPE) {
      return new EcdsaPublicKey(data);
    }
    throw new MalformedException("public key of unknown kind " + type);
  }
}
