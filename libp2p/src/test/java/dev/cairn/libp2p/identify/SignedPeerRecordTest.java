package dev.cairn.libp2p.identify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Envelope;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignedPeerRecordTest {

  private static final Identity IDENTITY = Identity.of(Ed25519Key.fromSeed(new byte[32]));
  private static final List<Multiaddr> ADDRESSES =
      List.of(Multiaddr.parse("/ip4/192.0.2.1/tcp/4001"), Multiaddr.parse("/dns4/a.b/tcp/1"));

  @Test
  void opens_what_was_sealed() {
    byte[] envelope = SignedPeerRecord.seal(IDENTITY, 77, ADDRESSES);
    SignedPeerRecord record = SignedPeerRecord.open(envelope);
    assertEquals(new SignedPeerRecord(IDENTITY.id(), 77, ADDRESSES), record);
  }

  @Test
  void signs_domain_type_and_payload_each_behind_its_length() {
    ProtobufReader reader = new ProtobufReader(SignedPeerRecord.seal(IDENTITY, 1, ADDRESSES));
    byte[] payload = {};
    byte[] signature = {};
    while (reader.next()) {
      switch (reader.field()) {
        case 3 -> payload = reader.bytes(1_000);
        case 5 -> signature = reader.bytes(64);
        default -> {}
      }
    }
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.writeBytes(new byte[] {18});
    signed.writeBytes("libp2p-peer-record".getBytes(StandardCharsets.US_ASCII));
    signed.writeBytes(new byte[] {2, 3, 1});
    signed.writeBytes(Varint.encode(payload.length));
    signed.writeBytes(payload);
    assertTrue(IDENTITY.publicKey().verify(signed.toByteArray(), signature));
  }

  @Test
  void every_flipped_byte_is_noticed() {
    byte[] envelope = SignedPeerRecord.seal(IDENTITY, 1, ADDRESSES);
    for (int i = 0; i < envelope.length; i++) {
      byte[] flipped = envelope.clone();
      flipped[i] ^= 1;
      assertThrows(MalformedException.class, () -> SignedPeerRecord.open(flipped), "byte " + i);
    }
  }

  @Test
  void a_record_about_another_peer_is_refused() {
    byte[] seed = new byte[32];
    seed[0] = 1;
    Identity liar = Identity.of(Ed25519Key.fromSeed(seed));
    byte[] payload = new ProtobufWriter().bytes(1, IDENTITY.id().bytes()).varint(2, 1).toBytes();
    ByteArrayOutputStream signed = new ByteArrayOutputStream();
    signed.write(18);
    signed.writeBytes("libp2p-peer-record".getBytes(StandardCharsets.US_ASCII));
    signed.writeBytes(new byte[] {2, 3, 1});
    signed.writeBytes(Varint.encode(payload.length));
    signed.writeBytes(payload);
    byte[] envelope =
        new ProtobufWriter()
            .bytes(1, liar.publicKey().encode())
            .bytes(2, new byte[] {3, 1})
            .bytes(3, payload)
            .bytes(5, liar.key().sign(signed.toByteArray()))
            .toBytes();
    MalformedException refused =
        assertThrows(MalformedException.class, () -> SignedPeerRecord.open(envelope));
    assertTrue(String.valueOf(refused.getMessage()).contains("another peer"), refused::getMessage);
  }

  @Test
  void an_envelope_that_is_too_long_is_refused() {
    byte[] big = new byte[Envelope.BYTES_MAX + 1];
    assertThrows(MalformedException.class, () -> SignedPeerRecord.open(big));
  }
}
