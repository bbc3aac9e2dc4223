package dev.cairn.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VarintTest {

  /// The examples of multiformats/unsigned-varint, and the ends of the range.
  private static final Map<Long, String> EXAMPLES =
      Map.of(
          0L,
          "00",
          1L,
          "01",
          127L,
          "7f",
          128L,
          "8001",
          255L,
          "ff01",
          300L,
          "ac02",
          16384L,
          "808001",
          Long.MAX_VALUE,
          "ffffffffffffffff7f");

  private static long fromStream(byte[] bytes) {
    try {
      return Varint.read(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void refuses(String hex) {
    byte[] bytes = Hex.decode(hex);
    assertThrows(MalformedException.class, () -> Varint.read(ByteBuffer.wrap(bytes)), hex);
    assertThrows(MalformedException.class, () -> fromStream(bytes), hex);
  }

  @Test
  void writes_and_reads_the_examples_of_the_specification() {
    EXAMPLES.forEach(
        (value, hex) -> {
          assertEquals(hex, Hex.encode(Varint.encode(value)));
          assertEquals(value, Varint.read(ByteBuffer.wrap(Hex.decode(hex))));
          assertEquals(value, fromStream(Hex.decode(hex)));
          assertEquals(hex.length() / 2, Varint.sizeOf(value));
        });
  }

  @Test
  void reads_each_width_at_its_ends() {
    for (int bits = 0; bits < 63; bits++) {
      for (long value : new long[] {(1L << bits) - 1, 1L << bits, (1L << bits) + 1}) {
        byte[] bytes = Varint.encode(value);
        assertEquals(Varint.sizeOf(value), bytes.length);
        assertEquals(value, Varint.read(ByteBuffer.wrap(bytes)));
      }
    }
  }

  @Test
  void refuses_a_form_that_is_not_the_shortest() {
    refuses("8100");
    refuses("8000");
    refuses("808000");
    refuses("ffffffffffffffff00");
  }

  @Test
  void refuses_more_than_nine_bytes_and_takes_nine() {
    refuses("ffffffffffffffffffff00");
    refuses("ffffffffffffffffff01");
    refuses("80808080808080808001");
    assertEquals(1L << 56, fromStream(Hex.decode("808080808080808001")));
  }

  @Test
  void refuses_a_truncated_varint() {
    refuses("81");
    refuses("8181");
    assertThrows(MalformedException.class, () -> Varint.read(ByteBuffer.allocate(0)));
  }

  @Test
  void a_stream_that_ends_before_a_varint_is_at_its_end() {
    assertThrows(EOFException.class, () -> Varint.read(new ByteArrayInputStream(new byte[0])));
  }

  @Test
  void leaves_what_follows() throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(Hex.decode("ac02ff"));
    assertEquals(300, Varint.read(buffer));
    assertEquals(2, buffer.position());
    ByteArrayInputStream stream = new ByteArrayInputStream(Hex.decode("ac02ff"));
    assertEquals(300, Varint.read(stream));
    assertEquals(1, stream.available());
  }

  @Test
  void does_not_encode_a_negative_value() {
    assertThrows(IllegalArgumentException.class, () -> Varint.encode(-1));
    assertThrows(IllegalArgumentException.class, () -> Varint.sizeOf(Long.MIN_VALUE));
  }

  @Test
  void whatever_decodes_encodes_to_the_same_bytes() {
    Random random = new Random(1);
    for (int i = 0; i < 50_000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      try {
        byte[] again = Varint.encode(Varint.read(buffer));
        assertArrayEquals(java.util.Arrays.copyOf(bytes, buffer.position()), again);
      } catch (MalformedException e) {
        assertEquals(MalformedException.class, e.getClass());
      }
    }
  }
}
