package dev.cairn.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.multiformats.MalformedException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CoinsTest {

  @Test
  void reads_coins_with_decimals() {
    assertEquals(12 * Coins.ONE, Coins.parse("12"));
    assertEquals(500_000_000, Coins.parse("0.5"));
    assertEquals(3_000_000_001L, Coins.parse("3.000000001"));
    assertEquals(500_000_000, Coins.parse("0.5000000000"));
    assertEquals(Long.MAX_VALUE, Coins.parse("9223372036.854775807"));
  }

  @Test
  void refuses_what_is_no_amount() {
    for (String text :
        List.of("", "-1", "1e9", ".5", "5.", "1,5", "0.0000000001", "9223372036.854775808", "٣")) {
      assertThrows(MalformedException.class, () -> Coins.parse(text), text);
    }
  }

  @Test
  void shows_what_it_reads() {
    assertEquals("100", Coins.format(100 * Coins.ONE));
    assertEquals("0", Coins.format(0));
    assertEquals("0.000000001", Coins.format(1));
    Random random = new Random(2);
    for (int i = 0; i < 1000; i++) {
      long amount = random.nextLong() >>> (1 + random.nextInt(60));
      assertEquals(amount, Coins.parse(Coins.format(amount)));
    }
  }
}
