package dev.cairn.libp2p.noise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PayloadTest {

  private static final byte[] KEY = {1, 2};
  private static final byte[] SIGNATURE = {3, 4, 5};

  @Test
  void fields_have_the_numbers_of_the_specification() {
    byte[] encoded = new Payload(KEY, SIGNATURE, List.of("/m")).encode();
    assertEquals("0a020102" + "1203030405" + "2204" + "12022f6d", Hex.encode(encoded));
    Payload decoded = Payload.decode(encoded);
    assertArrayEquals(KEY, decoded.identityKey());
    assertArrayEquals(SIGNATURE, decoded.signature());
    assertEquals(List.of("/m"), decoded.muxers());
  }

  @Test
  void unknown_fields_are_skipped() {
    ProtobufWriter extensions =
        new ProtobufWriter().bytes(1, new byte[34]).text(2, "/a").text(2, "/b").varint(1_025, 1);
    byte[] encoded =
        new ProtobufWriter()
            .bytes(1, KEY)
            .bytes(2, SIGNATURE)
            .bytes(3, new byte[9])
            .message(4, extensions)
            .varint(9, 7)
            .toBytes();
    assertEquals(List.of("/a", "/b"), Payload.decode(encoded).muxers());
  }

  @Test
  void key_and_signature_are_needed() {
    refused(new byte[0]);
    refused(new ProtobufWriter().bytes(1, KEY).toBytes());
    refused(new ProtobufWriter().bytes(2, SIGNATURE).toBytes());
  }

  @Test
  void muxers_are_limited_in_number_and_length() {
    List<String> most = Collections.nCopies(Payload.MUXERS_MAX, "/m");
    assertEquals(most, Payload.decode(new Payload(KEY, SIGNATURE, most).encode()).muxers());
    refused(
        new Payload(KEY, SIGNATURE, Collections.nCopies(Payload.MUXERS_MAX + 1, "/m")).encode());
    String longest = "m".repeat(Payload.MUXER_BYTES_MAX);
    Payload.decode(new Payload(KEY, SIGNATURE, List.of(longest)).encode());
    refused(new Payload(KEY, SIGNATURE, List.of(longest + "m")).encode());
  }

  @Test
  void the_signature_is_limited() {
    Payload.decode(new Payload(KEY, new byte[Payload.SIGNATURE_BYTES_MAX], List.of()).encode());
    refused(new Payload(KEY, new byte[Payload.SIGNATURE_BYTES_MAX + 1], List.of()).encode());
  }

  private static void refused(byte[] encoded) {
    assertThrows(MalformedException.class, () -> Payload.decode(encoded));
  }

  @Test
  void random_bytes_only_ever_are_malformed() {
    Random random = new Random(3);
    byte[] sound = new Payload(KEY, SIGNATURE, List.of("/yamux/1.0.0")).encode();
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = sound.clone();
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        Payload.decode(bytes);
      } catch (MalformedException e) {
        assertEquals(MalformedException.class, e.getClass());
      }
    }
  }

  @Test
  void what_is_signed_begins_with_the_prefix() {
    byte[] signed = Noise.signed(new byte[] {7, 7});
    assertArrayEquals("noise-libp2p-static-key:\u0007\u0007".getBytes(UTF_8), signed);
  }
}
