package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KadCodecTest {

  private static List<PeerAddresses> peers(int count) {
    List<PeerAddresses> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      peers.add(Kads.peer(i));
    }
    return peers;
  }

  private static ProtobufWriter peer(int number) {
    return new ProtobufWriter().bytes(1, Kads.id(number).bytes());
  }

  private static byte[] filled(int length) {
    return new byte[length];
  }

  @Test
  void a_full_answer_comes_back_as_it_was() {
    KadKey key = Kads.key("/cairn/x");
    KadRecord record = new KadRecord(key, filled(100), "2026-01-01T00:00:00Z");
    KadMessage message =
        new KadMessage(KadMessage.Type.GET_VALUE, key, Optional.of(record), peers(20), peers(5));
    assertEquals(message, KadCodec.decode(KadCodec.encode(message)));
  }

  @Test
  void an_answer_stays_under_16_kib() {
    List<PeerAddresses> large = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      List<Multiaddr> addresses = new ArrayList<>();
      for (int a = 0; a < 8; a++) {
        addresses.add(Multiaddr.parse("/dns/" + "x".repeat(200) + a + "/tcp/4001"));
      }
      large.add(PeerAddresses.of(Kads.id(i), addresses));
    }
    KadMessage message =
        new KadMessage(
            KadMessage.Type.GET_PROVIDERS,
            KadKey.of(Kads.content(1)),
            Optional.empty(),
            large.subList(0, 20),
            large);
    byte[] encoded = KadCodec.encode(message);
    assertTrue(encoded.length <= KadCodec.ANSWER_BYTES_MAX, encoded.length + " bytes");
    KadMessage back = KadCodec.decode(encoded);
    assertTrue(!back.providers().isEmpty() && !back.closer().isEmpty());
  }

  @Test
  void surplus_peers_and_addresses_are_not_read() {
    ProtobufWriter out = new ProtobufWriter().varint(1, KadMessage.Type.FIND_NODE.code());
    for (int i = 0; i < 40; i++) {
      ProtobufWriter one = peer(i);
      for (int a = 0; a < 30; a++) {
        one.bytes(2, Multiaddr.parse("/ip4/1.2.3.4/tcp/" + (1 + a)).encode());
      }
      out.message(8, one);
    }
    KadMessage message = KadCodec.decode(out.toBytes());
    assertEquals(KadCodec.CLOSER_MAX, message.closer().size());
    assertEquals(PeerAddresses.ADDRESSES_MAX, message.closer().getFirst().addresses().size());
  }

  @Test
  void a_peer_or_address_of_an_unknown_kind_is_left_out_alone() {
    ProtobufWriter odd = peer(1).bytes(2, new byte[] {(byte) 0xFF, 1, 2});
    byte[] good = Multiaddr.parse("/ip4/1.2.3.4/tcp/1").encode();
    ProtobufWriter out =
        new ProtobufWriter()
            .varint(1, KadMessage.Type.FIND_NODE.code())
            .message(8, new ProtobufWriter().bytes(1, new byte[] {9, 9}))
            .message(8, odd.bytes(2, good));
    List<PeerAddresses> closer = KadCodec.decode(out.toBytes()).closer();
    assertEquals(1, closer.size());
    assertEquals(1, closer.getFirst().addresses().size());
  }

  @Test
  void a_message_over_a_limit_is_malformed() {
    requireLimit(KadCodec.KEY_BYTES_MAX, length -> new ProtobufWriter().bytes(2, filled(length)));
    requireLimit(
        KadCodec.VALUE_BYTES_MAX,
        length -> new ProtobufWriter().message(3, new ProtobufWriter().bytes(2, filled(length))));
    requireLimit(
        KadCodec.MESSAGE_BYTES_MAX, length -> new ProtobufWriter().bytes(99, filled(length - 5)));
    assertThrows(
        MalformedException.class,
        () -> KadCodec.decode(new ProtobufWriter().varint(1, 6).toBytes()));
  }

  private interface OfLength {
    ProtobufWriter make(int length);
  }

  /// The limit is taken, one more is not.
  private static void requireLimit(int max, OfLength message) {
    KadCodec.decode(message.make(max).toBytes());
    byte[] over = message.make(max + 1).toBytes();
    assertThrows(MalformedException.class, () -> KadCodec.decode(over));
  }

  @Test
  void whatever_comes_is_read_or_malformed() {
    Random random = new Random(7);
    KadKey key = Kads.key("/pk/x");
    byte[] valid =
        KadCodec.encode(
            new KadMessage(
                KadMessage.Type.GET_VALUE,
                key,
                Optional.of(new KadRecord(key, filled(30), "now")),
                peers(3),
                peers(2)));
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = valid.clone();
      int changes = 1 + random.nextInt(4);
      for (int c = 0; c < changes; c++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(4) == 0) {
        bytes = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      try {
        KadMessage message = KadCodec.decode(bytes);
        assertEquals(message, KadCodec.decode(KadCodec.encode(message)));
        read++;
      } catch (MalformedException e) {
        assertTrue(e.getMessage() != null);
      }
    }
    assertTrue(read > 1_000, "only " + read + " were read");
  }
}
