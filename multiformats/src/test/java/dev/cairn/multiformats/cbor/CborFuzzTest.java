package dev.cairn.multiformats.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Allocations;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CborFuzzTest {

  private static final String[] TEXTS = {"", "a", "cairn", "\u00fc\u6c34", "\ud800\udd51 x"};

  private static void random(CborWriter writer, Random random, int depth) {
    switch (random.nextInt(depth < CborReader.DEPTH_MAX ? 9 : 7)) {
      case 0 -> writer.uint(random.nextLong() >>> (1 + random.nextInt(63)));
      case 1 -> writer.bytes(new byte[random.nextInt(40)]);
      case 2 -> writer.text(TEXTS[random.nextInt(TEXTS.length)]);
      case 3 -> writer.bool(random.nextBoolean());
      case 4 -> writer.nul();
      case 5 -> writer.link(Cid.hash(Cid.DAG_CBOR, new byte[random.nextInt(9)]));
      case 6 ->
          writer.link(
              Cid.of(Cid.RAW, Multihash.of(Multihash.IDENTITY, new byte[random.nextInt(9)])));
      default -> {
        int count = random.nextInt(5);
        writer.array(count);
        for (int i = 0; i < count; i++) {
          random(writer, random, depth + 1);
        }
      }
    }
  }

  /// Reads one item by its kinds and writes it again.
  private static void copy(CborReader reader, CborWriter writer) {
    switch (reader.peek()) {
      case UINT -> writer.uint(reader.uint());
      case BYTES -> writer.bytes(reader.bytes(Integer.MAX_VALUE));
      case TEXT -> writer.text(reader.text(Integer.MAX_VALUE));
      case BOOL -> writer.bool(reader.bool());
      case NULL -> {
        assertTrue(reader.tryNull());
        writer.nul();
      }
      case LINK -> writer.link(reader.link());
      case ARRAY -> {
        int count = reader.array();
        writer.array(count);
        for (int i = 0; i < count; i++) {
          copy(reader, writer);
        }
      }
    }
  }

  private static boolean accepts(byte[] bytes) {
    boolean whole;
    try {
      CborReader reader = new CborReader(bytes);
      assertEquals(bytes.length, reader.item().length() + (bytes.length - reader.offset()));
      reader.end();
      whole = true;
    } catch (MalformedException e) {
      whole = false;
    }
    try {
      CborReader reader = new CborReader(bytes);
      CborWriter writer = new CborWriter();
      copy(reader, writer);
      reader.end();
      assertArrayEquals(bytes, writer.toBytes());
      assertTrue(whole, () -> "read but not skipped: " + Hex.encode(bytes));
      return true;
    } catch (MalformedException e) {
      assertFalse(whole, () -> "skipped but not read: " + Hex.encode(bytes));
      return false;
    }
  }

  @Test
  void what_is_written_is_read() {
    Random random = new Random(10);
    for (int i = 0; i < 10_000; i++) {
      CborWriter writer = new CborWriter(random.nextInt(20));
      random(writer, random, 0);
      assertTrue(accepts(writer.toBytes()));
    }
  }

  @Test
  void whatever_is_accepted_is_written_as_the_same_bytes() {
    Random random = new Random(11);
    int good = 0;
    for (int i = 0; i < 40_000; i++) {
      CborWriter writer = new CborWriter();
      random(writer, random, 0);
      byte[] bytes = writer.toBytes();
      bytes = Arrays.copyOf(bytes, Math.max(1, bytes.length + random.nextInt(5) - 2));
      int flips = 1 + random.nextInt(3);
      for (int j = 0; j < flips; j++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      good += accepts(bytes) ? 1 : 0;
    }
    assertTrue(good > 400, "only " + good + " accepted");
  }

  @Test
  void short_inputs_are_accepted_or_refused_alike_by_reader_and_skipper() {
    for (int first = 0; first < 256; first++) {
      accepts(new byte[] {(byte) first});
      for (int second = 0; second < 256; second++) {
        accepts(new byte[] {(byte) first, (byte) second});
      }
    }
    Random random = new Random(12);
    for (int i = 0; i < 40_000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      accepts(bytes);
    }
  }

  @Test
  void a_length_or_count_is_not_believed_before_its_bytes() {
    for (String hex :
        List.of(
            "5a7fffffff",
            "5b7fffffffffffffff",
            "7a7fffffff",
            "9a7fffffff",
            "9b7fffffffffffffff",
            "d82a5a7fffffff00",
            "9a000f4240" + "80".repeat(20))) {
      byte[] bytes = Hex.decode(hex);
      long allocated =
          Allocations.of(
              () ->
                  assertThrows(
                      MalformedException.class,
                      () -> copy(new CborReader(bytes), new CborWriter()),
                      hex));
      assertTrue(allocated < Allocations.SLACK_BYTES, hex + ": " + allocated + " bytes allocated");
    }
  }

  @Test
  void reading_allocates_no_more_than_twice_what_arrived() {
    byte[] large = new CborWriter().bytes(new byte[1 << 20]).toBytes();
    long allocated = Allocations.of(() -> new CborReader(large).bytes(1 << 20));
    assertTrue(allocated < 2L * large.length, allocated + " bytes allocated");
    byte[] text = new CborWriter().text("\u6c34".repeat(1 << 18)).toBytes();
    allocated = Allocations.of(() -> new CborReader(text).text(1 << 20));
    // The JDK decodes UTF-8 in a buffer of two bytes a byte and copies out what it filled.
    assertTrue(allocated < 4L * text.length, allocated + " bytes allocated");
    allocated = Allocations.of(() -> new CborReader(large).item());
    assertTrue(allocated < Allocations.SLACK_BYTES, allocated + " bytes allocated");
    // The control: the measure sees an allocation of that size.
    int triple = 3 * large.length;
    allocated = Allocations.of(() -> assertEquals(triple, Arrays.copyOf(large, triple).length));
    assertTrue(allocated > 2L * large.length, allocated + " bytes allocated");
  }
}
