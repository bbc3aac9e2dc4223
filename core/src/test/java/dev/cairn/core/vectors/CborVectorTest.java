package dev.cairn.core.vectors;

import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.vectors.VectorFile.Null;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class CborVectorTest {

  private static final VectorFile FILE = new VectorFile("cbor.json");
  private static final Cid LINK = Cid.hash(Cid.DAG_CBOR, new byte[] {(byte) 0xf6});

  @Test
  void the_file_is_what_the_program_makes() {
    FILE.check(object("valid", valid(), "invalid", invalid()));
  }

  @Test
  void takes_the_valid_and_refuses_the_invalid() {
    assertTrue(FILE.list("valid").size() > 20 && FILE.list("invalid").size() > 20);
    for (JsonObject vector : FILE.list("valid")) {
      CborReader reader = new CborReader(VectorFile.bytes(vector, "hex"));
      reader.item();
      reader.end();
    }
    for (JsonObject vector : FILE.list("invalid")) {
      assertThrows(
          MalformedException.class,
          () -> {
            CborReader reader = new CborReader(VectorFile.bytes(vector, "hex"));
            reader.item();
            reader.end();
          },
          vector.getString("why"));
    }
  }

  private static List<Object> valid() {
    List<Object> vectors = new ArrayList<>();
    for (long value :
        new long[] {
          0,
          1,
          23,
          24,
          255,
          256,
          65_535,
          65_536,
          4_294_967_295L,
          4_294_967_296L,
          9_007_199_254_740_993L,
          Long.MAX_VALUE
        }) {
      add(vectors, object("uint", Long.toString(value)));
    }
    for (String hex : List.of("", "00", "ff".repeat(23), "01".repeat(24), "02".repeat(256))) {
      add(vectors, object("bytes", hex));
    }
    for (String text : List.of("", "cairn", "ü", "鐘", "𐍈", "\u0000", "x".repeat(24))) {
      add(vectors, object("text", text));
    }
    add(vectors, true);
    add(vectors, false);
    add(vectors, Null.NULL);
    add(vectors, object("link", LINK.toString()));
    add(vectors, object("link", Cid.hash(Cid.RAW, new byte[0]).toString()));
    add(vectors, List.of());
    add(vectors, List.of(object("uint", "1"), List.of(Null.NULL, true), object("text", "a")));
    Object deep = List.of();
    for (int i = 0; i < 15; i++) {
      deep = List.of(deep);
    }
    add(vectors, deep);
    List<Object> long24 = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      long24.add(object("uint", Integer.toString(i)));
    }
    add(vectors, long24);
    return vectors;
  }

  private static void add(List<Object> vectors, Object item) {
    CborWriter writer = new CborWriter();
    write(item, writer);
    vectors.add(object("item", item, "hex", VectorFile.hex(writer.toBytes())));
  }

  private static void write(Object item, CborWriter writer) {
    switch (item) {
      case List<?> list -> {
        writer.array(list.size());
        list.forEach(i -> write(i, writer));
      }
      case Boolean bool -> writer.bool(bool);
      case Null _ -> writer.nul();
      case Map<?, ?> map -> {
        Map.Entry<?, ?> only = map.entrySet().iterator().next();
        String value = (String) only.getValue();
        switch ((String) only.getKey()) {
          case "uint" -> writer.uint(Long.parseLong(value));
          case "bytes" -> writer.bytes(Bytes.fromHexString(value).toArray());
          case "text" -> writer.text(value);
          default -> writer.link(Cid.parse(value));
        }
      }
      default -> throw new IllegalArgumentException(item.toString());
    }
  }

  private static List<Object> invalid() {
    List<Object> vectors = new ArrayList<>();
    refuse(vectors, "", "no item");
    refuse(vectors, "1800", "integer not in its shortest form");
    refuse(vectors, "1817", "integer not in its shortest form");
    refuse(vectors, "1900ff", "integer not in its shortest form");
    refuse(vectors, "1a0000ffff", "integer not in its shortest form");
    refuse(vectors, "1b00000000ffffffff", "integer not in its shortest form");
    refuse(vectors, "1b8000000000000000", "integer above 2^63-1");
    refuse(vectors, "20", "negative integer");
    refuse(vectors, "19ff", "truncated integer");
    refuse(vectors, "580141", "length not in its shortest form");
    refuse(vectors, "4201", "byte string with a byte missing");
    refuse(vectors, "5f4101ff", "byte string of indefinite length");
    refuse(vectors, "61ff", "text that is not UTF-8");
    refuse(vectors, "63eda080", "text with a surrogate");
    refuse(vectors, "62c080", "text with an overlong form");
    refuse(vectors, "7f6161ff", "text of indefinite length");
    refuse(vectors, "80ff", "bytes after the item");
    refuse(vectors, "8201", "array with an item missing");
    refuse(vectors, "9f01ff", "array of indefinite length");
    refuse(vectors, "9affffffff", "array that promises more items than there are bytes");
    refuse(vectors, "a0", "map");
    refuse(vectors, "a1616101", "map");
    refuse(vectors, "f7", "undefined");
    refuse(vectors, "f93c00", "floating-point number");
    refuse(vectors, "fb3ff0000000000000", "floating-point number");
    refuse(vectors, "f800", "simple value");
    refuse(vectors, "ff", "break without a start");
    refuse(vectors, "c001", "tag other than 42");
    refuse(vectors, "d82b4100", "tag other than 42");
    String link = VectorFile.hex(new CborWriter().link(LINK).toBytes());
    refuse(vectors, link.replaceFirst("d82a582500", "d82a582501"), "link without the prefix 00");
    refuse(vectors, link.replaceFirst("d82a5825", "d9002a5825"), "tag not in its shortest form");
    refuse(vectors, link.substring(0, link.length() - 2), "link with a byte missing");
    refuse(vectors, "d82a4100", "link without a CID");
    refuse(vectors, "d82a01", "link that is no byte string");
    refuse(vectors, "81".repeat(16) + "8101", "arrays nested deeper than 16");
    return vectors;
  }

  private static void refuse(List<Object> vectors, String hex, String why) {
    vectors.add(object("hex", hex, "why", why));
    assertEquals(0, hex.length() % 2);
  }
}
