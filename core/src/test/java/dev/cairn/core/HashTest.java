package dev.cairn.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.multiformats.MalformedException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashTest {

  private final Random random = new Random(1);

  private Hash random() {
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    return Hash.of(bytes);
  }

  @Test
  void bytes_and_text_come_back() {
    for (int i = 0; i < 100; i++) {
      Hash hash = random();
      assertEquals(hash, Hash.of(hash.bytes()));
      assertEquals(hash, Hash.parse(hash.toString()));
      byte[] shifted = new byte[40];
      hash.write(shifted, 5);
      assertEquals(hash, Hash.at(shifted, 5));
    }
  }

  @Test
  void orders_as_its_bytes_do() {
    for (int i = 0; i < 1000; i++) {
      Hash a = random();
      Hash b = random();
      int expected = Arrays.compareUnsigned(a.bytes(), b.bytes());
      assertEquals(Integer.signum(expected), Integer.signum(a.compareTo(b)));
    }
  }

  @Test
  void counts_bits_from_the_first() {
    for (int i = 0; i < 50; i++) {
      Hash a = random();
      BigInteger number = new BigInteger(1, a.bytes());
      for (int bit = 0; bit < 256; bit++) {
        assertEquals(number.testBit(255 - bit), a.bit(bit));
        byte[] flipped = a.bytes();
        flipped[bit / 8] ^= (byte) (0x80 >>> (bit % 8));
        assertEquals(bit, a.commonPrefixBits(Hash.of(flipped)));
      }
      assertEquals(256, a.commonPrefixBits(a));
    }
  }

  @Test
  void is_the_sha256_of_the_parts_together() {
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Hash.sha256(new byte[] {'a'}, new byte[] {'b', 'c'}).toString());
    assertArrayEquals(new byte[32], Hash.ZERO.bytes());
  }

  @Test
  void refuses_other_lengths() {
    assertThrows(MalformedException.class, () -> Hash.of(new byte[31]));
    assertThrows(MalformedException.class, () -> Hash.of(new byte[33]));
    assertThrows(MalformedException.class, () -> Hash.parse("00"));
  }
}
