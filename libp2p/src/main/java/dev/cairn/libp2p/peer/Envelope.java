package dev.cairn.libp2p.peer;

import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// Bytes and who signed them (libp2p RFC 0002), so that others can pass them on. Immutable.
public final class Envelope {

  /// The longest envelope that is read, in bytes.
  public static final int BYTES_MAX = 8 * 1024;

  /// Around the payload: the longest key and signature, with room.
  private static final int OVERHEAD_BYTES = 128;

  private final PeerId peer;
  private final byte[] payload;

  private Envelope(PeerId peer, byte[] payload) {
    this.peer = peer;
    this.payload = payload;
  }

  /// Who signed it.
  public PeerId peer() {
    return peer;
  }

  /// What was signed; not a copy.
  public byte[] payload() {
    return payload;
  }

  /// What envelopes of one use have in common: a signature under one domain is worth nothing under
  /// another. Immutable.
  public static final class Kind {

    private final byte[] domain;
    private final byte[] type;

    /// @param domain of the signature, in ASCII
    /// @param type of the payload
    public Kind(String domain, byte[] type) {
      this.domain = domain.getBytes(StandardCharsets.US_ASCII);
      this.type = type.clone();
    }

    /// Signs a payload and gives the encoded envelope.
    public byte[] seal(Identity identity, byte[] payload) {
      return new ProtobufWriter(payload.length + OVERHEAD_BYTES)
          .bytes(1, identity.publicKey().encode())
          .bytes(2, type)
          .bytes(3, payload)
          .bytes(5, identity.key().sign(signed(payload)))
          .toBytes();
    }

    /// Opens an encoded envelope.
    ///
    /// @throws MalformedException when it is malformed, of another kind, or its signature is wrong
    public Envelope open(byte[] envelope) {
      return parse(envelope, true);
    }

    /// Reads an envelope whose signature was checked before.
    public Envelope read(byte[] envelope) {
      return parse(envelope, false);
    }

    private Envelope parse(byte[] envelope, boolean verify) {
      if (envelope.length > BYTES_MAX) {
        throw new MalformedException("envelope of " + envelope.length + " bytes");
      }
      ProtobufReader reader = new ProtobufReader(envelope);
      byte[] key = {};
      byte[] found = {};
      byte[] payload = {};
      byte[] signature = {};
      while (reader.next()) {
        switch (reader.field()) {
          case 1 -> key = reader.bytes(PublicKey.ENCODED_BYTES_MAX);
          case 2 -> found = reader.bytes(type.length);
          case 3 -> payload = reader.bytes(BYTES_MAX);
          case 5 -> signature = reader.bytes(BYTES_MAX);
          default -> {}
        }
      }
      if (!Arrays.equals(found, type)) {
        throw new MalformedException("envelope that holds something else");
      }
      PublicKey signer = PublicKey.decode(key);
      if (verify && !signer.verify(signed(payload), signature)) {
        throw new MalformedException("envelope with a wrong signature");
      }
      return new Envelope(PeerId.of(signer), payload);
    }

    /// What the signature covers: domain, type and payload, each behind its length.
    private byte[] signed(byte[] payload) {
      ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + OVERHEAD_BYTES);
      for (byte[] part : List.of(domain, type, payload)) {
        out.writeBytes(Varint.encode(part.length));
        out.writeBytes(part);
      }
      return out.toByteArray();
    }
  }
}
