package dev.cairn.cli.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.cli.CliException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MeterTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void a_line_says_how_far_how_fast_and_from_how_many() {
    try (Meter meter = new Meter("photos", false, out)) {
      assertEquals(
          "photos  \u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588"
              + "\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591\u2591"
              + "  50 %  1.0 MB of 2.0 MB  500.0 kB/s  3 sources  3 s left",
          meter.line(1_000_000, 2_000_000, 3, 500_000));
      assertEquals("photos  17 B  0 B/s  1 source", meter.line(17, 0, 1, 0));
    }
  }

  @Test
  void off_a_terminal_nothing_is_printed() {
    try (Meter meter = new Meter("photos", false, out)) {
      meter.show(1, 2, 1);
      meter.add(5);
    }
    assertEquals("", printed());
  }

  @Test
  void on_a_terminal_the_line_is_cleared_at_the_end() {
    try (Meter meter = new Meter("photos", true, out)) {
      meter.show(1, 2, 1);
      meter.show(2, 2, 1); // too soon to be drawn
    }
    assertTrue(printed().contains("photos"));
    assertTrue(printed().endsWith("\r\u001b[K"));
    assertEquals(1, printed().split("photos", -1).length - 1);
  }

  @Test
  void content_is_named_by_a_cid_with_or_without_a_path() {
    String cid = "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq";
    assertEquals("", ContentArgument.parse(cid).path());
    assertEquals("a/b", ContentArgument.parse("/ipfs/" + cid + "/a/b/").path());
    assertEquals("b", ContentArgument.parse(cid + "/a/b").name());
    assertThrows(CliException.class, () -> ContentArgument.parse("nonsense/a"));
  }

  @Test
  void names_of_others_cannot_steer_a_terminal() {
    assertEquals("a\ufffd[31mb\ufffdc", Names.shown("a\u001b[31mb\u202ec"));
  }
}
