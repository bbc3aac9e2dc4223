package dev.cairn.multiformats.cbor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CborTest {

  private static final String CID_HEX = "01711220" + "ab".repeat(32);
  private static final Cid CID = Cid.decode(Hex.decode(CID_HEX));

  private static CborReader reader(String hex) {
    return new CborReader(Hex.decode(hex));
  }

  private static String written(Consumer<CborWriter> items) {
    CborWriter writer = new CborWriter();
    items.accept(writer);
    assertEquals(writer.size(), writer.toBytes().length);
    return Hex.encode(writer.toBytes());
  }

  /// Refused as an item of any kind and by the call that would read it.
  private static void refuses(String hex, Consumer<CborReader> read) {
    assertThrows(MalformedException.class, () -> read.accept(reader(hex)), hex);
    assertThrows(MalformedException.class, () -> reader(hex).item(), hex);
  }

  /// RFC 8949, appendix A: the integers that the chain's encoding has.
  private static final Map<String, Long> INTEGERS =
      Map.ofEntries(
          Map.entry("00", 0L),
          Map.entry("01", 1L),
          Map.entry("0a", 10L),
          Map.entry("17", 23L),
          Map.entry("1818", 24L),
          Map.entry("1819", 25L),
          Map.entry("1864", 100L),
          Map.entry("18ff", 255L),
          Map.entry("190100", 256L),
          Map.entry("1903e8", 1000L),
          Map.entry("19ffff", 65535L),
          Map.entry("1a00010000", 65536L),
          Map.entry("1a000f4240", 1000000L),
          Map.entry("1affffffff", 4294967295L),
          Map.entry("1b0000000100000000", 4294967296L),
          Map.entry("1b000000e8d4a51000", 1000000000000L),
          Map.entry("1b7fffffffffffffff", Long.MAX_VALUE));

  @Test
  void integers_of_rfc_8949() {
    INTEGERS.forEach(
        (hex, value) -> {
          assertEquals(value, reader(hex).uint());
          assertEquals(hex, written(w -> w.uint(value)));
          assertEquals(hex.length() / 2, reader(hex).item().length());
        });
    refuses("1b8000000000000000", CborReader::uint);
    refuses("1bffffffffffffffff", CborReader::uint);
    assertThrows(IllegalArgumentException.class, () -> new CborWriter().uint(-1));
    assertEquals(7, reader("07").uint(7));
    assertThrows(MalformedException.class, () -> reader("08").uint(7));
  }

  @Test
  void refuses_integers_and_lengths_that_are_not_the_shortest() {
    for (String hex :
        List.of(
            "1800",
            "1817",
            "190000",
            "1900ff",
            "1a00000000",
            "1a0000ffff",
            "1b0000000000000000",
            "1b00000000ffffffff")) {
      refuses(hex, CborReader::uint);
    }
    refuses("580161", r -> r.bytes(9));
    refuses("59000161", r -> r.bytes(9));
    refuses("780161", r -> r.text(9));
    refuses("980100", CborReader::array);
    refuses("d9002a5825" + "00" + CID_HEX, CborReader::link);
    refuses("d82a590025" + "00" + CID_HEX, CborReader::link);
  }

  @Test
  void refuses_what_the_chains_encoding_does_not_have() {
    for (String hex :
        List.of(
            "20",
            "3863",
            "a0",
            "a1616100",
            "bf6161009fff",
            "9fff",
            "5f4161ff",
            "7f6161ff",
            "f90000",
            "f97e00",
            "fa47c35000",
            "fb3ff199999999999a",
            "f7",
            "f0",
            "f818",
            "f8ff",
            "ff",
            "c000",
            "c11a514b67b0",
            "d74401020304",
            "d8184161",
            "1c",
            "1f",
            "5c",
            "9c")) {
      assertThrows(MalformedException.class, () -> reader(hex).item(), hex);
    }
  }

  @Test
  void strings_of_rfc_8949() {
    Map<String, String> texts =
        Map.of(
            "60", "",
            "6161", "a",
            "6449455446", "IETF",
            "62225c", "\"\\",
            "62c3bc", "\u00fc",
            "63e6b0b4", "\u6c34",
            "64f0908591", "\ud800\udd51");
    texts.forEach(
        (hex, text) -> {
          assertEquals(text, reader(hex).text(9));
          assertEquals(hex, written(w -> w.text(text)));
          assertEquals(hex.length() / 2, reader(hex).item().length());
        });
    assertArrayEquals(new byte[] {1, 2, 3, 4}, reader("4401020304").bytes(4));
    assertEquals("4401020304", written(w -> w.bytes(new byte[] {1, 2, 3, 4})));
    assertEquals("420203", written(w -> w.bytes(new byte[] {1, 2, 3, 4}, 1, 2)));
    assertEquals("40", written(w -> w.bytes(new byte[0])));
  }

  @Test
  void text_is_utf_8() {
    for (String hex :
        List.of(
            "61ff",
            "6180",
            "61c3",
            "62c328",
            "62c080",
            "62c1bf",
            "63e08080",
            "63eda080",
            "63edbfbf",
            "64f0808080",
            "64f4908080",
            "64f5808080",
            "63e6b0",
            "62e6b0",
            "64f09085c0",
            "6361c3c3")) {
      refuses(hex, r -> r.text(9));
    }
    for (String half : List.of("\ud800", "\udc00", "a\ud800b", "\udc00\ud800", "\u00fc\ud800")) {
      assertThrows(IllegalArgumentException.class, () -> new CborWriter().text(half));
    }
  }

  @Test
  void a_string_is_at_most_as_long_as_its_reader_allows() {
    assertEquals(3, reader("43010203").bytes(3).length);
    assertThrows(MalformedException.class, () -> reader("43010203").bytes(2));
    assertEquals(3, reader("43010203").bytesSlice(3).length());
    assertThrows(MalformedException.class, () -> reader("43010203").bytesSlice(2));
    assertEquals("abc", reader("63616263").text(3));
    assertThrows(MalformedException.class, () -> reader("63616263").text(2));
    assertEquals(3, reader("43010203").bytesOf(3).length);
    assertThrows(MalformedException.class, () -> reader("43010203").bytesOf(4));
    assertThrows(MalformedException.class, () -> reader("43010203").bytesOf(2));
  }

  @Test
  void sizes_are_those_of_what_is_written() {
    for (int shift = 0; shift < 63; shift++) {
      for (long value : new long[] {(1L << shift) - 1, 1L << shift}) {
        assertEquals(new CborWriter().uint(value).size(), CborWriter.uintSize(value), "" + value);
      }
    }
    for (int length : new int[] {0, 23, 24, 255, 256, 65_535, 65_536}) {
      int size = new CborWriter().bytes(new byte[length]).size();
      assertEquals(size, CborWriter.bytesSize(length), length + " bytes");
    }
    Cid cid = Cid.hash(Cid.DAG_CBOR, new byte[0]);
    assertEquals(new CborWriter().link(cid).size(), CborWriter.linkSize(cid));
  }

  @Test
  void what_was_handed_out_does_not_change_when_more_is_written() {
    for (int hint : new int[] {0, 2, 3, 64}) {
      CborWriter writer = new CborWriter(hint).bytes(new byte[] {7, 7});
      byte[] first = writer.toBytes();
      assertArrayEquals(new byte[] {0x42, 7, 7}, first);
      byte[] both = writer.uint(1).toBytes();
      assertArrayEquals(new byte[] {0x42, 7, 7}, first);
      assertArrayEquals(new byte[] {0x42, 7, 7, 1}, both);
    }
  }

  @Test
  void links_are_tag_42_around_a_cid() {
    String hex = "d82a582500" + CID_HEX;
    assertEquals(CID, reader(hex).link());
    assertEquals(hex, written(w -> w.link(CID)));
    Cid old = Cid.decode(Hex.decode("1220" + "cd".repeat(32)));
    assertEquals(old, reader(written(w -> w.link(old))).link());
    Cid identity = Cid.of(Cid.RAW, Multihash.of(Multihash.IDENTITY, new byte[] {1, 2}));
    assertEquals("d82a470001550002" + "0102", written(w -> w.link(identity)));
    assertEquals(identity, reader(written(w -> w.link(identity))).link());

    refuses("d82a582501" + CID_HEX, CborReader::link);
    refuses("d82a5824" + CID_HEX, CborReader::link);
    refuses("d82a40", CborReader::link);
    refuses("d82a4100", CborReader::link);
    refuses("d82a6100", CborReader::link);
    refuses("d82b582500" + CID_HEX, CborReader::link);
    refuses("d82a582600" + CID_HEX + "00", CborReader::link);
    refuses("d82a", CborReader::link);
    refuses("d8", CborReader::link);
  }

  @Test
  void booleans_and_null() {
    assertTrue(reader("f5").bool());
    assertFalse(reader("f4").bool());
    assertEquals("f5f4f6", written(w -> w.bool(true).bool(false).nul()));
    CborReader reader = reader("82f600");
    reader.array(2);
    assertTrue(reader.tryNull());
    assertFalse(reader.tryNull());
    assertEquals(0, reader.uint());
    reader.end();
    assertThrows(MalformedException.class, () -> reader("f6").bool());
    assertThrows(MalformedException.class, reader::tryNull);
  }

  @Test
  void arrays_of_rfc_8949() {
    CborReader reader = reader("8301820203820405");
    assertEquals(3, reader.array());
    assertEquals(1, reader.uint());
    reader.array(2);
    assertEquals(List.of(2L, 3L), List.of(reader.uint(), reader.uint()));
    assertEquals("820405", Hex.encode(reader.item().copy()));
    reader.end();
    assertEquals("80", written(w -> w.array(0)));
    assertEquals("9818", written(w -> w.array(24)));
    assertThrows(MalformedException.class, () -> reader("820102").array(3));
    assertThrows(IllegalArgumentException.class, () -> new CborWriter().array(-1));
  }

  @Test
  void the_end_is_where_every_array_is_complete() {
    CborReader open = reader("820102");
    open.array();
    assertEquals(1, open.uint());
    assertThrows(MalformedException.class, open::end);
    assertEquals(2, open.uint());
    open.end();
    assertTrue(open.atEnd());
    CborReader more = reader("0102");
    assertEquals(1, more.uint());
    assertThrows(MalformedException.class, more::end);
    CborReader missing = reader("82420102");
    missing.array();
    assertEquals(2, missing.bytes(2).length);
    assertThrows(MalformedException.class, missing::uint);
    assertThrows(MalformedException.class, missing::end);
    assertThrows(MalformedException.class, () -> reader("8201").array());
    CborReader empty = reader("818080");
    empty.array(1);
    empty.array(0);
    assertThrows(MalformedException.class, empty::end);
  }

  @Test
  void a_slice_is_what_arrived() {
    byte[] source = Hex.decode("ffff8301820203820405ffff");
    CborReader reader = new CborReader(source, 2, 8);
    reader.array(3);
    assertEquals(1, reader.uint());
    assertEquals(4, reader.offset());
    Slice slice = reader.item();
    assertEquals(source, slice.source());
    assertEquals(new Slice(source, 4, 3), slice);
    assertEquals(Slice.of(Hex.decode("820203")), slice);
    assertEquals(Slice.of(Hex.decode("820203")).hashCode(), slice.hashCode());
    CborReader inner = new CborReader(slice);
    inner.array(2);
    assertEquals(2, inner.uint());
    assertEquals(3, inner.uint());
    inner.end();
    assertEquals("82820203820203", written(w -> w.array(2).raw(slice).raw(slice.copy())));
    assertThrows(MalformedException.class, () -> new CborReader(source, 2, 7).item());
    assertThrows(IndexOutOfBoundsException.class, () -> new CborReader(source, 2, 11));
    assertThrows(IndexOutOfBoundsException.class, () -> new Slice(source, 12, 1));
  }

  @Test
  void arrays_nest_sixteen_deep_and_no_deeper() {
    String deepest = "81".repeat(CborReader.DEPTH_MAX) + "00";
    assertEquals(CborReader.DEPTH_MAX + 1, reader(deepest).item().length());
    refuses("81" + deepest, r -> nest(r, CborReader.DEPTH_MAX + 1));
    nest(reader(deepest), CborReader.DEPTH_MAX);
    // What an outer reader has opened counts for the item that it skips.
    CborReader outer = reader("81" + deepest);
    outer.array(1);
    assertThrows(MalformedException.class, outer::item);
    // An empty array that is already sixteen deep has nothing inside it.
    assertEquals(17, reader("81".repeat(16) + "80").item().length());
  }

  private static void nest(CborReader reader, int depth) {
    for (int i = 0; i < depth; i++) {
      reader.array(1);
    }
  }

  @Test
  void says_what_comes_next() {
    Map<String, CborReader.Type> types =
        Map.of(
            "00", CborReader.Type.UINT,
            "40", CborReader.Type.BYTES,
            "60", CborReader.Type.TEXT,
            "80", CborReader.Type.ARRAY,
            "d82a", CborReader.Type.LINK,
            "f4", CborReader.Type.BOOL,
            "f6", CborReader.Type.NULL);
    types.forEach((hex, type) -> assertEquals(type, reader(hex).peek()));
    for (String hex : List.of("", "20", "a0", "f7", "ff")) {
      assertThrows(MalformedException.class, () -> reader(hex).peek(), hex);
    }
  }

  @Test
  void a_wrong_kind_is_named_and_nothing_is_read() {
    CborReader reader = reader("6161");
    MalformedException e = assertThrows(MalformedException.class, reader::uint);
    assertEquals("wanted an unsigned integer, found the byte 0x61 (at byte 0)", e.getMessage());
    assertEquals("a", reader.text(1));
  }
}
