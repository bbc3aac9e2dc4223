package dev.cairn.libp2p.identify;

import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A peer's addresses in an envelope that only the peer can have signed (RFC 0002 and RFC 0003), so
/// that others can pass it on.
///
/// @param peer whose addresses they are
/// @param sequence grows with each record of the peer; an older one must not replace a newer
/// @param addresses where the peer listens, without `/p2p`
public record SignedPeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses) {

  /// The longest envelope that is read.
  public static final int ENVELOPE_BYTES_MAX = 8 * 1024;

  private static final byte[] DOMAIN = "libp2p-peer-record".getBytes(StandardCharsets.US_ASCII);

  /// The multicodec of peer records, 0x0301, as the two bytes that go into the envelope.
  private static final byte[] PAYLOAD_TYPE = {0x03, 0x01};

  public SignedPeerRecord {
    addresses = List.copyOf(addresses);
  }

  /// Signs the record and puts it into its envelope.
  public static byte[] seal(Identity identity, long sequence, List<Multiaddr> addresses) {
    ProtobufWriter record =
        new ProtobufWriter(512).bytes(1, identity.id().bytes()).varint(2, sequence);
    for (Multiaddr address : addresses) {
      record.message(3, new ProtobufWriter().bytes(1, address.encode()));
    }
    byte[] payload = record.toBytes();
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
  ///   about the peer that signed it
  public static SignedPeerRecord open(byte[] envelope) {
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
      throw new MalformedException("envelope does not hold a peer record");
    }
    PublicKey signer = PublicKey.decode(key);
    if (!signer.verify(signed(payload), signature)) {
      throw new MalformedException("envelope with a wrong signature");
    }
    SignedPeerRecord record = decode(payload);
    if (!record.peer().equals(PeerId.of(signer))) {
      throw new MalformedException("peer record of another peer than its signer");
    }
    return record;
  }

  private static SignedPeerRecord decode(byte[] payload) {
    ProtobufReader reader = new ProtobufReader(payload);
    byte[] peer = {};
    long sequence = 0;
    List<Multiaddr> addresses = new ArrayList<>();
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> peer = reader.bytes(PeerId.TEXT_CHARS_MAX);
        case 2 -> sequence = reader.varint(Long.MAX_VALUE);
        case 3 -> address(reader.message(), addresses);
        default -> {}
      }
    }
    return new SignedPeerRecord(PeerId.decode(peer), sequence, addresses);
  }

  private static void address(ProtobufReader info, List<Multiaddr> addresses) {
    while (info.next()) {
      if (info.field() == 1) {
        IdentifyMessage.addAddress(info.bytes(ENVELOPE_BYTES_MAX), addresses);
      }
    }
  }

  /// What the signature covers: domain, type and payload, each behind its length.
  private static byte[] signed(byte[] payload) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 32);
    for (byte[] part : List.of(DOMAIN, PAYLOAD_TYPE, payload)) {
      out.writeBytes(Varint.encode(part.length));
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
