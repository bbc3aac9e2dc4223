package dev.cairn.libp2p.noise;

import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;

/// What libp2p puts into Noise's messages 2 and 3 (`NoiseHandshakePayload`). Immutable; the arrays
/// are shared and must not be changed.
final class Payload {

  static final int SIGNATURE_BYTES_MAX = 1_024;
  static final int MUXERS_MAX = 32;
  static final int MUXER_BYTES_MAX = 256;

  private static final int IDENTITY_KEY = 1;
  private static final int SIGNATURE = 2;
  private static final int EXTENSIONS = 4;
  private static final int STREAM_MUXERS = 2;

  private final byte[] identityKey;
  private final byte[] signature;
  private final List<String> muxers;

  /// @param identityKey the encoded public key of the peer
  /// @param signature over [Noise#SIGNED_PREFIX] and the sender's static Noise key
  /// @param muxers what the sender speaks, the preferred one first; empty when it does not say
  Payload(byte[] identityKey, byte[] signature, List<String> muxers) {
    this.identityKey = identityKey;
    this.signature = signature;
    this.muxers = List.copyOf(muxers);
  }

  byte[] identityKey() {
    return identityKey;
  }

  byte[] signature() {
    return signature;
  }

  List<String> muxers() {
    return muxers;
  }

  byte[] encode() {
    ProtobufWriter writer = new ProtobufWriter();
    writer.bytes(IDENTITY_KEY, identityKey).bytes(SIGNATURE, signature);
    if (!muxers.isEmpty()) {
      ProtobufWriter extensions = new ProtobufWriter();
      muxers.forEach(muxer -> extensions.text(STREAM_MUXERS, muxer));
      writer.message(EXTENSIONS, extensions);
    }
    return writer.toBytes();
  }

  /// @throws MalformedException when it is not such a message, or the key or signature is missing
  static Payload decode(byte[] encoded) {
    ProtobufReader reader = new ProtobufReader(encoded);
    byte[] key = {};
    byte[] signature = {};
    List<String> muxers = new ArrayList<>();
    while (reader.next()) {
      switch (reader.field()) {
        case IDENTITY_KEY -> key = reader.bytes(PublicKey.ENCODED_BYTES_MAX);
        case SIGNATURE -> signature = reader.bytes(SIGNATURE_BYTES_MAX);
        case EXTENSIONS -> readExtensions(reader.message(), muxers);
        default -> reader.skip();
      }
    }
    if (key.length == 0 || signature.length == 0) {
      throw new MalformedException("a handshake payload without key or signature");
    }
    return new Payload(key, signature, muxers);
  }

  private static void readExtensions(ProtobufReader reader, List<String> muxers) {
    while (reader.next()) {
      if (reader.field() == STREAM_MUXERS) {
        if (muxers.size() == MUXERS_MAX) {
          throw new MalformedException("more than " + MUXERS_MAX + " muxers");
        }
        muxers.add(reader.text(MUXER_BYTES_MAX));
      } else {
        reader.skip();
      }
    }
  }
}
