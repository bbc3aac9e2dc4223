package dev.cairn.core.consensus.pow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import dev.cairn.core.Target;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AsertTest {

  private static final Target BITCOINS_LIMIT = Target.ofCompact(0x1d00ffffL);

  /// Every row of the vectors that the specification links to.
  @ParameterizedTest
  @ValueSource(strings = {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10"})
  void agrees_with_the_published_vectors(String run) throws IOException {
    Map<String, String> head = new HashMap<>();
    int rows = 0;
    for (String line : lines("asert-run" + run + ".txt")) {
      if (line.startsWith("##")) {
        String[] pair = line.substring(2).strip().split(":\\s*", 2);
        head.put(pair[0], pair[1]);
      } else if (!line.startsWith("#") && !line.isBlank()) {
        String[] row = line.strip().split("\\s+", -1);
        Asert asert =
            new Asert(
                Target.ofCompact(Long.decode(head.get("anchor nBits"))),
                BITCOINS_LIMIT,
                600,
                2 * 24 * 3600);
        BigInteger height = new BigInteger(row[1]);
        long above = height.subtract(new BigInteger(head.get("anchor height"))).longValueExact();
        long time = Long.parseLong(row[2]) - Long.parseLong(head.get("anchor ancestor time"));
        assertEquals(Target.ofCompact(Long.decode(row[3])), asert.after(time, above), line);
        rows++;
      }
    }
    assertEquals(Integer.parseInt(head.get("iterations")), rows);
  }

  private static List<String> lines(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(AsertTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void half_a_life_behind_and_ahead() {
    Asert asert = new Asert(Target.ofDifficulty(1 << 20), Target.EASIEST, 10_000, 60_000);
    BigInteger start = asert.after(10_000, 0).value();
    assertEquals(Target.ofDifficulty(1 << 20).value(), start);
    assertEquals(start.shiftLeft(1), asert.after(70_000, 0).value());
    assertEquals(Target.atMost(start.shiftRight(1)).value(), asert.after(-50_000, 0).value());
  }

  @Test
  void stays_within_its_limits_at_any_time() {
    Target least = Target.ofDifficulty(1_000);
    Asert asert = new Asert(Target.ofDifficulty(1 << 20), least, 10, 10);
    assertEquals(least, asert.after(Long.MAX_VALUE, 0));
    assertEquals(Target.HARDEST, asert.after(Long.MIN_VALUE, 0));
    assertEquals(Target.HARDEST, asert.after(0, Long.MAX_VALUE));
  }

  @Test
  void a_target_has_one_compact_form() {
    for (long wrong :
        new long[] {
          0,
          0x01000000L,
          0x01800000L,
          0x1d8000ffL,
          0x20ffffffL,
          0x21000100L,
          0x2000ffffL << 1,
          0x1d0000ffL,
          0x02000100L,
          -1,
          1L << 32
        }) {
      assertThrows(
          MalformedException.class, () -> Target.ofCompact(wrong), Long.toHexString(wrong));
    }
    for (long good : new long[] {0x01010000L, 0x02008000L, 0x1d00ffffL, 0x207fffffL}) {
      assertEquals(good, Target.ofCompact(good).compact());
    }
  }

  @Test
  void a_hash_meets_a_target_that_it_does_not_exceed() {
    Target target = Target.ofCompact(0x1d00ffffL);
    byte[] hash = target.limit().bytes();
    assertTrue(target.metBy(Hash.of(hash)));
    hash[31]++;
    assertEquals(false, target.metBy(Hash.of(hash)));
    // Bitcoin's first difficulty, as everybody knows it.
    assertEquals(BigInteger.valueOf(4_295_032_833L), target.work());
  }
}
