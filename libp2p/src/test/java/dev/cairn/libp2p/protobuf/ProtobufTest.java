package dev.cairn.libp2p.protobuf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufTest {

  @Test
  void reads_what_it_writes() {
    byte[] data =
        new ProtobufWriter()
            .varint(1, 150)
            .varint(2, -1)
            .text(3, "grüezi")
            .bytes(4, new byte[300])
            .fixed64(5, 0x0102030405060708L)
            .fixed32(6, 0x01020304)
            .bool(7, true)
            .message(8, new ProtobufWriter().varint(1, 7))
            .toBytes();
    ProtobufReader reader = new ProtobufReader(data);
    assertEquals(150, next(reader, 1).varint());
    assertEquals(-1, next(reader, 2).varint());
    assertEquals("grüezi", next(reader, 3).text(16));
    assertEquals(300, next(reader, 4).bytes(300).length);
    assertEquals(0x0102030405060708L, next(reader, 5).fixed64());
    assertEquals(0x01020304, next(reader, 6).fixed32());
    assertTrue(next(reader, 7).bool());
    assertEquals(7, next(next(reader, 8).message(), 1).varint());
    assertFalse(reader.next());
  }

  private static ProtobufReader next(ProtobufReader reader, int field) {
    assertTrue(reader.next());
    assertEquals(field, reader.field());
    return reader;
  }

  @Test
  void encodes_as_the_documentation_of_protobuf_shows() {
    assertEquals("089601", Hex.encode(new ProtobufWriter().varint(1, 150).toBytes()));
    assertEquals(
        "120774657374696e67", Hex.encode(new ProtobufWriter().text(2, "testing").toBytes()));
    assertEquals("03089601", Hex.encode(new ProtobufWriter().varint(1, 150).toDelimited()));
  }

  @Test
  void unknown_fields_of_every_kind_are_skipped() {
    byte[] data =
        new ProtobufWriter()
            .varint(10, 1)
            .fixed64(11, 1)
            .fixed32(12, 1)
            .text(13, "x")
            .varint(1, 5)
            .toBytes();
    ProtobufReader reader = new ProtobufReader(data);
    long value = 0;
    while (reader.next()) {
      if (reader.field() == 1) {
        value = reader.varint();
      }
    }
    assertEquals(5, value);
  }

  @Test
  void refuses_what_is_malformed() {
    for (String hex :
        List.of(
            "08", // no value
            "0880", // half a varint
            "08ffffffffffffffffff02", // 65 bits
            "0880808080808080808080", // eleven bytes
            "0a05", // a length past the end
            "0affffffffffffffffff01", // a negative length
            "0b", // a group
            "0c",
            "0e", // wire types that do not exist
            "0f",
            "0001", // field 0
            "0901", // half a fixed64
            "0d01", // half a fixed32
            "808080808001")) { // a field number over 2^29
      assertThrows(MalformedException.class, () -> drain(Hex.decode(hex)), hex);
    }
  }

  private static void drain(byte[] data) {
    ProtobufReader reader = new ProtobufReader(data);
    while (reader.next()) {
      reader.skip();
    }
  }

  @Test
  void refuses_values_over_a_limit_or_of_another_kind() {
    byte[] data = new ProtobufWriter().bytes(1, new byte[17]).toBytes();
    assertThrows(MalformedException.class, () -> first(data).bytes(16));
    assertEquals(17, first(data).bytes(17).length);
    assertThrows(MalformedException.class, () -> first(data).varint());
    assertThrows(MalformedException.class, () -> first(data).message(16));
    byte[] number = new ProtobufWriter().varint(1, 17).toBytes();
    assertThrows(MalformedException.class, () -> first(number).varint(16));
    assertThrows(MalformedException.class, () -> first(number).bytes(100));
    byte[] text = new ProtobufWriter().bytes(1, new byte[] {(byte) 0xFF}).toBytes();
    assertThrows(MalformedException.class, () -> first(text).text(10));
  }

  private static ProtobufReader first(byte[] data) {
    ProtobufReader reader = new ProtobufReader(data);
    reader.next();
    return reader;
  }

  @Test
  void any_bytes_are_read_or_refused_as_malformed() {
    Random random = new Random(3);
    for (int i = 0; i < 40_000; i++) {
      byte[] data = new byte[random.nextInt(40)];
      random.nextBytes(data);
      try {
        drain(data);
      } catch (MalformedException expected) {
        // Refused, which is an answer too.
      }
    }
  }

  @Test
  void delimited_messages_come_back() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] big = new byte[200_000];
    new Random(1).nextBytes(big);
    Delimited.write(out, new byte[0]);
    Delimited.write(out, big);
    ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
    assertEquals(0, Delimited.read(in, 10).length);
    assertArrayEquals(big, Delimited.read(in, big.length));
    assertThrows(EOFException.class, () -> Delimited.read(in, 10));
  }

  @Test
  void a_delimited_message_over_its_limit_or_cut_short_is_refused() {
    assertThrows(MalformedException.class, () -> delimited("0b" + "00".repeat(11), 10));
    assertThrows(MalformedException.class, () -> delimited("0500", 10));
    assertThrows(MalformedException.class, () -> delimited("80", 10));
    assertThrows(MalformedException.class, () -> delimited("8000", 10));
    assertThrows(MalformedException.class, () -> delimited("ffffffffffffffff7f", 1 << 30));
    assertThrows(MalformedException.class, () -> delimited("ffffffff07" + "00", Integer.MAX_VALUE));
  }

  private static byte[] delimited(String hex, int max) throws IOException {
    return Delimited.read(new ByteArrayInputStream(Hex.decode(hex)), max);
  }
}
