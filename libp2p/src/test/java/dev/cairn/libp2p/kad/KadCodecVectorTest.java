package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The messages that js-libp2p publishes (`packages/kad-dht/test/fixtures`, made by
/// go-libp2p-kad-dht), and the record of its `packages/record`.
class KadCodecVectorTest {

  private static final String CONTENT =
      "1220d18f46f364ebeeec500929c72a4898feb2747730b129d970de15cf80626ebcbc";
  private static final String PROVIDER =
      "122090c9620a79a8ba913d9f84394a32488494f98cf0ce4dddbb86cb44519970c4e0";

  private static byte[] vector(int number) throws IOException {
    try (InputStream in = KadCodecVectorTest.class.getResourceAsStream("msg-" + number)) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  private static KadMessage message(int number) throws IOException {
    return KadCodec.decode(vector(number));
  }

  private static String text(KadKey key) {
    return new String(key.bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void questions_about_a_key() throws IOException {
    assertEquals(KadMessage.Type.FIND_NODE, message(1).type());
    assertEquals("/v/hello", text(message(1).key()));
    assertEquals(KadMessage.Type.GET_VALUE, message(3).type());
    assertEquals("/v/hello", text(message(3).key()));
  }

  @Test
  void a_record_to_be_kept() throws IOException {
    KadMessage put = message(2);
    assertEquals(KadMessage.Type.PUT_VALUE, put.type());
    KadRecord record = put.record().orElseThrow();
    assertEquals(put.key(), record.key());
    assertEquals("world", new String(record.value(), StandardCharsets.UTF_8));
    KadMessage again = KadCodec.decode(KadCodec.encode(put));
    assertEquals(put, again);
  }

  @Test
  void a_question_about_a_peer() throws IOException {
    for (int i = 4; i <= 6; i++) {
      assertEquals(KadMessage.Type.FIND_NODE, message(i).type());
      assertEquals(CONTENT, Hex.encode(message(i).key().bytes()));
    }
  }

  @Test
  void a_provider_record() throws IOException {
    for (int i = 7; i <= 8; i++) {
      KadMessage message = message(i);
      assertEquals(KadMessage.Type.ADD_PROVIDER, message.type());
      assertEquals(CONTENT, Hex.encode(message.key().bytes()));
      PeerAddresses provider = message.providers().getFirst();
      assertEquals(PeerId.decode(Hex.decode(PROVIDER)), provider.peer());
      assertEquals(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/58555")), provider.addresses());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 6, 7, 8})
  void what_is_encoded_again_is_the_same_to_the_byte(int number) throws IOException {
    assertArrayEquals(vector(number), KadCodec.encode(message(number)));
  }
}
