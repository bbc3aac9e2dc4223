package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.Envelope;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// What a peer says under a name of its own, so that anyone can keep it and nobody change it
/// (spec/dht.md, "Signed records"): an envelope of RFC 0002 around name, sequence number, end and
/// value. Immutable.
public final class SignedRecord {

  /// The longest name, in bytes of UTF-8.
  public static final int NAME_BYTES_MAX = 64;

  /// The longest value, in bytes.
  public static final int VALUE_BYTES_MAX = 4 * 1024;

  private static final Envelope.Kind ENVELOPE =
      new Envelope.Kind(
          "cairn-dht-record", "/cairn/dht-record".getBytes(StandardCharsets.US_ASCII));
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
    return ENVELOPE.seal(identity, payload);
  }

  /// Opens an envelope.
  ///
  /// @throws MalformedException when it is malformed, its signature is wrong, or the record is not
  ///   of the peer that signed it
  public static SignedRecord open(byte[] envelope) {
    return signed(ENVELOPE.open(envelope));
  }

  /// Reads an envelope whose signature was checked before.
  static SignedRecord read(byte[] envelope) {
    return signed(ENVELOPE.read(envelope));
  }

  private static SignedRecord signed(Envelope envelope) {
    SignedRecord record = payload(envelope.payload());
    if (!record.peer.equals(envelope.peer())) {
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
