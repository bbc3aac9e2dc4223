package dev.cairn.node.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.ByteSize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a request to the gateway says: path, range, format; and what the answer is made of.
class RequestPartsTest {

  private static int status(Runnable action) {
    return assertThrows(GatewayException.class, action::run).status();
  }

  @Test
  void an_escaped_slash_is_part_of_a_name() {
    ContentPath path = ContentPath.parse("/names/cairn1x/a%2Fb%20c/d/");
    assertEquals(List.of("names", "cairn1x", "a/b c", "d"), path.segments());
    assertTrue(path.slash());
    assertEquals("/names/cairn1x/a%2Fb%20c/d", path.encoded());
    assertFalse(ContentPath.parse("/ipfs/x").slash());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ipfs/x/../y",
        "/ipfs/x/%2e%2e/y",
        "/ipfs/x/%2E/y",
        "/ipfs//x",
        "/ipfs/x//",
        "/ipfs/x%",
        "/ipfs/x%4",
        "/ipfs/x%zz",
        "/ipfs/x%00y",
        "/ipfs/x%ff",
        "/ipfs/x%c0%ae%c0%ae/y",
        "/ipfs/x y",
        "/ipfs/\u00e9"
      })
  void a_path_that_is_no_path_is_refused(String raw) {
    assertEquals(400, status(() -> ContentPath.parse(raw)), raw);
  }

  @Test
  void a_path_has_limits() {
    assertEquals(
        ContentPath.SEGMENTS_MAX,
        ContentPath.parse("/a".repeat(ContentPath.SEGMENTS_MAX)).segments().size());
    assertEquals(414, status(() -> ContentPath.parse("/a".repeat(ContentPath.SEGMENTS_MAX + 1))));
    assertEquals(414, status(() -> ContentPath.parse("/" + "a".repeat(ContentPath.CHARS_MAX))));
    assertEquals(414, status(() -> ContentPath.parse("")));
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0",
    "bytes=0-99, 0, 99",
    "bytes=0-100, 0, 99",
    "bytes=50-, 50, 99",
    "bytes=99-, 99, 99",
    "bytes=-1, 99, 99",
    "bytes=-100, 0, 99",
    "bytes=-1000, 0, 99",
    "BYTES = 5 - 9, 5, 9",
    "bytes=0-999999999999999999, 0, 99"
  })
  void a_range_is_cut_to_the_file(String header, long first, long last) {
    assertEquals(Optional.of(new ByteRange(first, last)), ByteRange.of(header, 100));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bytes=9-5",
        "bytes=-",
        "bytes=",
        "bytes",
        "lines=0-5",
        "bytes=0-1,5-6",
        "bytes=a-b",
        "bytes=--5",
        "bytes=0-99999999999999999999999"
      })
  void a_range_that_is_malformed_or_manifold_is_passed_over(String header) {
    assertEquals(Optional.empty(), ByteRange.of(header, 100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=-0"})
  void a_range_beyond_the_file_is_said_to_be_so(String header) {
    assertEquals(416, status(() -> ByteRange.of(header, 100)));
    assertEquals(416, status(() -> ByteRange.of("bytes=0-", 0)), "an empty file has no byte 0");
  }

  @ParameterizedTest
  @CsvSource({
    "0:*, 0, 99",
    "10:19, 10, 19",
    "-10:*, 90, 99",
    "-10:-5, 90, 95",
    "49:-10, 49, 90",
    "90:500, 90, 99",
    "-500:5, 0, 5"
  })
  void entity_bytes_count_from_either_end(String text, long first, long last) {
    assertEquals(Optional.of(new ByteRange(first, last)), ByteRange.ofEntity(text, 100));
  }

  @Test
  void entity_bytes_outside_of_the_file_are_none() {
    assertEquals(Optional.empty(), ByteRange.ofEntity("100:200", 100));
    assertEquals(Optional.empty(), ByteRange.ofEntity("9:5", 100));
    assertEquals(400, status(() -> ByteRange.ofEntity("5", 100)));
    assertEquals(400, status(() -> ByteRange.ofEntity("*:5", 100)));
    assertEquals(400, status(() -> ByteRange.ofEntity("a:b", 100)));
  }

  private static Format format(Map<String, String> query, String... accept) {
    return Format.of(name -> Optional.ofNullable(query.get(name)), List.of(accept));
  }

  @Test
  void the_query_stands_above_the_accept_header() {
    assertEquals(Format.Kind.FILE, format(Map.of()).kind());
    assertEquals(Format.Kind.RAW, format(Map.of("format", "raw"), Format.CAR_TYPE).kind());
    assertEquals(Format.Kind.CAR, format(Map.of("format", "car")).kind());
    assertFalse(format(Map.of("format", "car"), Format.CAR_TYPE).negotiated());
    assertTrue(format(Map.of(), Format.RAW_TYPE).negotiated());
  }

  @Test
  void the_type_wanted_most_is_sent() {
    String browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    assertEquals(Format.Kind.FILE, format(Map.of(), browser).kind());
    assertEquals(
        Format.Kind.CAR, format(Map.of(), Format.RAW_TYPE + ";q=0.1, " + Format.CAR_TYPE).kind());
    assertEquals(
        Format.Kind.CAR,
        format(Map.of(), "application/vnd.ipld.car; version=1; order=dfs; dups=n").kind());
    assertEquals(Format.Kind.FILE, format(Map.of(), Format.RAW_TYPE + ";q=0").kind());
  }

  @Test
  void formats_that_are_not_made_are_refused() {
    assertEquals(406, status(() -> format(Map.of("format", "tar"))));
    assertEquals(400, status(() -> format(Map.of("format", "zip"))));
    assertEquals(406, status(() -> format(Map.of(), "application/vnd.ipld.dag-json")));
    assertEquals(400, status(() -> format(Map.of(), Format.CAR_TYPE + ";version=2")));
    assertEquals(400, status(() -> format(Map.of("format", "car", "car-order", "bfs"))));
    assertEquals(400, status(() -> format(Map.of("format", "car", "car-dups", "maybe"))));
  }

  @Test
  void a_car_that_repeats_blocks_is_refused_unless_one_that_does_not_will_do() {
    String repeats = Format.CAR_TYPE + ";order=dfs;dups=y";
    assertEquals(406, status(() -> format(Map.of(), repeats)));
    assertEquals(406, status(() -> format(Map.of("format", "car"), repeats)));
    assertEquals(406, status(() -> format(Map.of("format", "car", "car-dups", "y"))));
    String either = repeats + ", " + Format.CAR_TYPE + ";order=dfs;dups=n;q=0.5";
    assertEquals(new Format(Format.Kind.CAR, true), format(Map.of(), either));
    assertEquals(new Format(Format.Kind.CAR, false), format(Map.of("format", "car"), either));
    assertEquals(Format.Kind.CAR, format(Map.of("car-dups", "n"), repeats).kind());
  }

  private static String type(String name, String start) {
    return MediaTypes.of(name, start.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void the_media_type_comes_from_the_name_or_the_first_bytes() {
    assertEquals("image/png", type("a.PNG", ""));
    assertEquals("image/png", type("", "\u0089PNG\r\n\u001a\n...."));
    assertEquals("application/pdf", type("paper", "%PDF-1.7"));
    assertEquals("text/plain; charset=utf-8", type("README", "hello, world\n"));
    assertEquals("application/octet-stream", type("data", "a\0b"));
    assertEquals("text/html; charset=utf-8", type("", "  <!DOCTYPE html><p>"));
    assertEquals("image/svg+xml", type("", "<?xml version=\"1.0\"?><svg>"));
    assertEquals("text/plain; charset=utf-8", type("", "\u00c3\u00a9 cut \u00e2\u0082"));
    assertEquals("application/octet-stream", type("", "\u00ff\u00fe"));
    assertTrue(MediaTypes.isActive(type("", "<html>")));
    assertFalse(MediaTypes.isActive("text/plain; charset=utf-8"));
  }

  @Test
  void names_in_a_page_are_nothing_but_text() {
    String name = "<script>alert('x')</script>\"&\u202e";
    String page =
        ListingPage.of(
            name,
            "bafy",
            true,
            List.of(
                new ListingPage.Entry(name, "bafy", false, OptionalLong.of(1_234)),
                new ListingPage.Entry("javascript:alert(1)", "b", true, OptionalLong.empty()),
                new ListingPage.Entry("a/../b?c#d", "b", false, OptionalLong.empty())),
            false);
    assertFalse(page.contains("<script"));
    assertFalse(page.contains("'x'"));
    assertFalse(page.contains("\u202e"));
    assertTrue(page.contains("href=\"./javascript%3Aalert%281%29/\""));
    assertTrue(page.contains("href=\"./a%2F..%2Fb%3Fc%23d\""));
    assertTrue(page.contains("1.2 kB"));
  }

  @ParameterizedTest
  @CsvSource({"0, 0 B", "999, 999 B", "1000, 1.0 kB", "999999, 1.0 MB", "1400000, 1.4 MB"})
  void sizes_are_for_people(long bytes, String text) {
    assertEquals(text, ByteSize.shown(bytes));
  }
}
