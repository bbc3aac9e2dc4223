package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// What a peer says under a name of its own, so that anyone can keep it and nobody change it
/// (spec/dht.md, "Signed records"): an envelope of RFC 0002 around name, sequence number, end and
/// value. Immutable.
public final class SignedRecord {

  /// The longest name, in bytes of UTF-8.
  public static final int NAME_BYTES_MAX = 64;

  /// The longest value, in bytes.
  public static final int VALUE_BYTES_MAX = 4 * 1024;

  /// The longest envelope that is read, in bytes.
  public static final int ENVELOPE_BYTES_MAX = 8 * 1024;

  private static final byte[] DOMAIN = "cairn-dht-record".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PAYLOAD_TYPE =
      "/cairn/dht-record".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] PREFIX = "/cairn/".getBytes(StandardCharsets.US_ASCII);

  private final PeerId peer;
  private final String name;
  private final long sequence;
  private final long validUntilMillis;
  private final byte[] value;

  private SignedRecord(
      PeerId peer, String name, long sequence, long validUntilMillis, byte[] value) {
    this.peer = peer;
    this.name = name;
    this.sequence = sequence;
    this.validUntilMillis = validUntilMillis;
    this.value = value;
  }

  /// The key under which a peer's record of this name stands: `/cairn/`, the bytes of the peer id,
  /// and, where the name is not empty, `/` and the name.
  public static byte[] key(PeerId peer, String name) {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    key.writeBytes(PREFIX);
    key.writeBytes(peer.bytes());
    if (!name.isEmpty()) {
      key.write('/');
      key.writeBytes(name.getBytes(StandardCharsets.UTF_8));
    }
    return key.toByteArray();
  }

  /// Signs a record and gives the envelope: the value to put under [#key].
  ///
  /// @param sequence from 0; a record replaces those below it
  /// @param validUntilMillis when it ends, in milliseconds since 1970
  /// @throws IllegalArgumentException when name or value is too long
  public static byte[] seal(
      Identity identity, String name, long sequence, long validUntilMillis, byte[] value) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    if (nameBytes.length > NAME_BYTES_MAX || value.length > VALUE_BYTES_MAX || sequence < 0) {
      throw new IllegalArgumentException(
          "a record of " + value.length + " bytes under a name of " + nameBytes.length);
    }
    byte[] payload =
        new ProtobufWriter(value.length + 128)
            .bytes(1, identity.id().bytes())
            .bytes(2, nameBytes)
            .varint(3, sequence)
            .varint(4, validUntilMillis)
            .bytes(5, value)
            .toBytes();
    return new ProtobufWriter(payload.length + 128)
        .bytes(1, identity.publicKey().encode())
        .bytes(2, PAYLOAD_TYPE)
        .bytes(3, payload)
        .bytes(5, identity.key().sign(signed(payload)))
        .toBytes();
  }

  /// Opens an envelope.
  ///
  /// @throws MalformedException when it is malformed, its signature is wrong, or the record is not
  ///   of the peer that signed it
  public static SignedRecord open(byte[] envelope) {
    return parse(envelope, true);
  }

  /// Reads an envelope whose signature was checked before.
  static SignedRecord read(byte[] envelope) {
    return parse(envelope, false);
  }

  private static SignedRecord parse(byte[] envelope, boolean verify) {
    if (envelope.length > ENVELOPE_BYTES_MAX) {
      throw new MalformedException("envelope of " + envelope.length + " bytes");
    }
    ProtobufReader reader = new ProtobufReader(envelope);
    byte[] key = {};
    byte[] type = {};
    byte[] payload = {};
    byte[] signature = {};
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> key = reader.bytes(PublicKey.ENCODED_BYTES_MAX);
        case 2 -> type = reader.bytes(PAYLOAD_TYPE.length);
        case 3 -> payload = reader.bytes(ENVELOPE_BYTES_MAX);
        case 5 -> signature = reader.bytes(ENVELOPE_BYTES_MAX);
        default -> {}
      }
    }
    if (!Arrays.equals(type, PAYLOAD_TYPE)) {
      throw new MalformedException("envelope does not hold a record");
    }
    PublicKey signer = PublicKey.decode(key);
    if (verify && !signer.verify(signed(payload), signature)) {
      throw new MalformedException("envelope with a wrong signature");
    }
    SignedRecord record = payload(payload);
    if (!record.peer.equals(PeerId.of(signer))) {
      throw new MalformedException("record of another peer than its signer");
    }
    return record;
  }

  private static SignedRecord payload(byte[] payload) {
    ProtobufReader reader = new ProtobufReader(payload);
    byte[] peer = {};
    String name = "";
    long sequence = 0;
    long until = 0;
    byte[] value = {};
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> peer = reader.bytes(PeerId.TEXT_CHARS_MAX);
        case 2 -> name = reader.text(NAME_BYTES_MAX);
        case 3 -> sequence = reader.varint(Long.MAX_VALUE);
        case 4 -> until = reader.varint(Long.MAX_VALUE);
        case 5 -> value = reader.bytes(VALUE_BYTES_MAX);
        default -> {}
      }
    }
    return new SignedRecord(PeerId.decode(peer), name, sequence, until, value);
  }

  /// What the signature covers: domain, type and payload, each behind its length (RFC 0002).
  private static byte[] signed(byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 64);
    for (byte[] part : List.of(DOMAIN, PAYLOAD_TYPE, payload)) {
      out.writeBytes(Varint.encode(part.length));
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /// Who signed it.
  public PeerId peer() {
    return peer;
  }

  public String name() {
    return name;
  }

  public long sequence() {
    return sequence;
  }

  /// When it ends, in milliseconds since 1970.
  public long validUntilMillis() {
    return validUntilMillis;
  }

  /// A copy.
  public byte[] value() {
    return value.clone();
  }

  /// Where it stands in the DHT.
  public byte[] key() {
    return key(peer, name);
  }
}
