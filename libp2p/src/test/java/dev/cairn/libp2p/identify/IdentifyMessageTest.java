package dev.cairn.libp2p.identify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdentifyMessageTest {

  private static final Identity IDENTITY = Identity.of(Ed25519Key.fromSeed(new byte[32]));
  private static final Multiaddr ADDRESS = Multiaddr.parse("/ip4/192.0.2.1/tcp/4001");

  private static IdentifyMessage message(List<String> protocols, List<Multiaddr> addresses) {
    return new IdentifyMessage(
        Optional.of(IDENTITY.publicKey().encode()),
        addresses,
        protocols,
        Optional.of(ADDRESS),
        Optional.of("cairn/1"),
        Optional.of("cairn/0.1.0"),
        Optional.of(SignedPeerRecord.seal(IDENTITY, 1, addresses)));
  }

  @Test
  void comes_back_as_it_was_sent() {
    IdentifyMessage sent = message(List.of("/a", "/b"), List.of(ADDRESS));
    List<byte[]> parts = sent.encode();
    assertEquals(1, parts.size());
    IdentifyMessage read = IdentifyMessage.decode(parts);
    assertEquals(sent.protocols(), read.protocols());
    assertEquals(sent.addresses(), read.addresses());
    assertEquals(sent.agent(), read.agent());
    assertEquals(sent.protocolVersion(), read.protocolVersion());
    assertEquals(sent.observed(), read.observed());
    assertArrayEquals(sent.publicKey().orElseThrow(), read.publicKey().orElseThrow());
    assertArrayEquals(sent.record().orElseThrow(), read.record().orElseThrow());
  }

  @Test
  void is_sent_in_messages_of_at_most_4_kib_and_merged() {
    List<String> protocols = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      protocols.add("/a/protocol/with/a/longer/name/" + i);
    }
    List<byte[]> parts = message(protocols, List.of(ADDRESS)).encode();
    assertTrue(parts.size() > 2);
    parts.forEach(part -> assertTrue(part.length <= IdentifyMessage.SENT_BYTES_MAX));
    assertEquals(protocols, IdentifyMessage.decode(parts).protocols());
  }

  @Test
  void at_most_ten_messages_are_merged() {
    byte[] part = new ProtobufWriter().text(3, "/a").toBytes();
    assertEquals(10, IdentifyMessage.decode(Collections.nCopies(10, part)).protocols().size());
    List<byte[]> eleven = Collections.nCopies(11, part);
    assertThrows(MalformedException.class, () -> IdentifyMessage.decode(eleven));
  }

  @Test
  void a_message_over_8_kib_is_refused() {
    byte[] padded = new ProtobufWriter().bytes(99, new byte[8 * 1024]).toBytes();
    assertThrows(MalformedException.class, () -> IdentifyMessage.decode(List.of(padded)));
  }

  @Test
  void over_500_addresses_or_1000_protocols_are_refused() {
    requireLimit(2, Multiaddr.parse("/memory/a").encode(), IdentifyMessage.ADDRESSES_MAX);
    requireLimit(3, "/a".getBytes(java.nio.charset.StandardCharsets.UTF_8), 1_000);
  }

  private static void requireLimit(int field, byte[] value, int max) {
    ProtobufWriter most = new ProtobufWriter();
    for (int i = 0; i < max; i++) {
      most.bytes(field, value);
    }
    IdentifyMessage.decode(List.of(most.toBytes()));
    byte[] over = most.bytes(field, value).toBytes();
    assertThrows(MalformedException.class, () -> IdentifyMessage.decode(List.of(over)));
  }

  @Test
  void addresses_in_unknown_protocols_are_left_out() {
    byte[] part =
        new ProtobufWriter()
            .bytes(2, new byte[] {(byte) 0xFF, 0x7F, 0x01})
            .bytes(2, ADDRESS.encode())
            .toBytes();
    assertEquals(List.of(ADDRESS), IdentifyMessage.decode(List.of(part)).addresses());
  }

  @Test
  void any_bytes_decode_or_are_refused_as_malformed() {
    Random random = new Random(5);
    byte[] sample = message(List.of("/a"), List.of(ADDRESS)).encode().getFirst();
    for (int i = 0; i < 20_000; i++) {
      byte[] input = sample.clone();
      for (int flips = random.nextInt(3); flips >= 0; flips--) {
        input[random.nextInt(input.length)] = (byte) random.nextInt();
      }
      try {
        IdentifyMessage.decode(List.of(input));
      } catch (MalformedException expected) {
        // Refused, which is an answer too.
      }
    }
  }
}
