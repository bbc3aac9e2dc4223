package dev.cairn.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CidTest {

  private static final String V0 = "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n";
  private static final String HEX =
      "f015512209d8453505bdc6f269678e16b3e56c2a2948a41f2c792617cc9611ed363c95b63";

  @Test
  void reads_and_writes_the_vectors_of_multihash() {
    for (List<String> row : Vectors.rows("multihash.csv")) {
      byte[] bytes = Hex.decode(row.get(2));
      Multihash hash = Multihash.decode(bytes);
      assertEquals(Long.parseLong(row.get(0), 16), hash.code());
      assertEquals(Integer.parseInt(row.get(1)) / 8, hash.digest().length);
      assertArrayEquals(bytes, hash.encode());
      assertEquals(hash, Multihash.of(hash.code(), hash.digest()));
      assertEquals(bytes.length, hash.size());
      Cid cid = Cid.of(Cid.RAW, hash);
      assertEquals(cid, Cid.parse(cid.toString()));
      assertEquals(hash, cid.multihash());
      assertEquals(0, cid.compareTo(Cid.decode(cid.encode())));
    }
  }

  @Test
  void a_digest_is_at_most_what_its_function_gives() {
    Multihash.of(Multihash.SHA2_256, new byte[32]);
    assertThrows(MalformedException.class, () -> Multihash.of(Multihash.SHA2_256, new byte[33]));
    Multihash.of(Multihash.SHA2_512, new byte[64]);
    assertThrows(MalformedException.class, () -> Multihash.of(Multihash.SHA2_512, new byte[65]));
    int max = Multihash.DIGEST_BYTES_MAX;
    Multihash.of(Multihash.IDENTITY, new byte[max]);
    assertThrows(
        MalformedException.class, () -> Multihash.of(Multihash.IDENTITY, new byte[max + 1]));
  }

  @Test
  void a_length_is_not_believed_before_its_bytes() {
    byte[] lie = Hex.decode("0080808080808080807f01");
    long allocated =
        Allocations.of(() -> assertThrows(MalformedException.class, () -> Multihash.decode(lie)));
    assertTrue(allocated < Allocations.SLACK_BYTES, allocated + " bytes allocated");
  }

  @Test
  void reads_the_cids_of_other_stacks() {
    Cid old = Cid.parse(V0);
    assertEquals(0, old.version());
    assertEquals(Cid.DAG_PB, old.codec());
    assertEquals(V0, old.toString());
    assertEquals(34, old.encode().length);
    assertEquals(old, Cid.decode(old.encode()));

    Cid raw = Cid.parse(HEX);
    assertEquals(Cid.RAW, raw.codec());
    assertEquals(raw, Cid.parse("zb2rhhFAEMepUBbGyP1k8tGfz7BSciKXP6GHuUeUsJBaK6cqG"));
    assertEquals(HEX, Multibase.encode('f', raw.encode()));
    for (char base : new char[] {'0', 'f', 'b', 'c', 'v', 't', 'z', 'Z', 'm', 'U', 'k', 'h'}) {
      assertEquals(raw, Cid.parse(Multibase.encode(base, raw.encode())));
    }
  }

  @Test
  void names_content_by_its_sha_256() {
    // The empty byte string: raw, and as an empty map of DAG-CBOR (a0).
    assertEquals(
        "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
        Cid.hash(Cid.RAW, new byte[0]).toString());
    assertEquals(
        "bafyreigbtj4x7ip5legnfznufuopl4sg4knzc2cof6duas4b3q2fy6swua",
        Cid.hash(Cid.DAG_CBOR, new byte[] {(byte) 0xa0}).toString());
    byte[] digest = new byte[32];
    digest[31] = 1;
    assertArrayEquals(digest, Cid.sha256(Cid.DAG_CBOR, digest).digest());
    assertThrows(IllegalArgumentException.class, () -> Cid.sha256(Cid.RAW, new byte[31]));
  }

  @Test
  void refuses_what_is_no_cid() {
    for (String text :
        List.of(
            "",
            "Q",
            "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zIII",
            "z" + V0,
            "b",
            "f00",
            "f02551220" + "00".repeat(32),
            "f01551220" + "00".repeat(31),
            "f01551220" + "00".repeat(33),
            "f0155122100" + "00".repeat(32),
            "f0181005512" + "20" + "00".repeat(32),
            "f1221" + "00".repeat(33),
            "bAFKREIHDWDCEFGH4DQKJV67UZCMW7OJEE6XEDZDETOJUZJEVTENXQUVYK")) {
      assertThrows(MalformedException.class, () -> Cid.parse(text), text);
    }
  }

  @Test
  void text_is_at_most_so_long() {
    Multihash longest = Multihash.of(Long.MAX_VALUE, new byte[Multihash.DIGEST_BYTES_MAX]);
    Cid cid = Cid.of(Long.MAX_VALUE, longest);
    assertEquals(Cid.BYTES_MAX, cid.size());
    String text = Multibase.encode('f', cid.encode());
    assertEquals(Cid.TEXT_CHARS_MAX, text.length());
    assertEquals(cid, Cid.parse(text));
    // A good CID in a base of longer text: only the limit is against it.
    Cid sha512 = Cid.of(Cid.RAW, Multihash.of(Multihash.SHA2_512, new byte[64]));
    assertEquals(sha512, Cid.parse(Multibase.encode('7', sha512.encode())));
    String binary = Multibase.encode('0', sha512.encode());
    assertArrayEquals(sha512.encode(), Multibase.decode(binary));
    assertThrows(MalformedException.class, () -> Cid.parse(binary));
  }

  @Test
  void differs_by_version_codec_and_digest() {
    byte[] digest = new byte[32];
    Cid cid = Cid.sha256(Cid.DAG_PB, digest);
    assertEquals(cid.hashCode(), Cid.sha256(Cid.DAG_PB, digest).hashCode());
    assertNotEquals(cid, Cid.sha256(Cid.RAW, digest));
    assertNotEquals(cid, Cid.decode(Hex.decode("1220" + "00".repeat(32))));
    for (int i = 0; i < 32; i++) {
      byte[] other = new byte[32];
      other[i] = 1;
      assertNotEquals(cid, Cid.sha256(Cid.DAG_PB, other));
    }
    assertFalse(cid.equals(Cid.of(Cid.DAG_PB, Multihash.of(Multihash.IDENTITY, digest))));
  }

  @Test
  void orders_as_unsigned_bytes() {
    Random random = new Random(6);
    for (int i = 0; i < 10_000; i++) {
      byte[] a = new byte[32];
      byte[] b = new byte[32];
      random.nextBytes(a);
      System.arraycopy(a, 0, b, 0, 32);
      b[random.nextInt(32)] = (byte) random.nextInt();
      int order = Cid.sha256(Cid.RAW, a).compareTo(Cid.sha256(Cid.RAW, b));
      assertEquals(Integer.signum(Arrays.compareUnsigned(a, b)), Integer.signum(order));
    }
  }

  @Test
  void whatever_decodes_encodes_to_the_same_bytes() {
    Random random = new Random(7);
    List<byte[]> seeds =
        List.of(
            Cid.parse(V0).encode(),
            Cid.parse(HEX).encode(),
            Cid.of(Cid.LIBP2P_KEY, Multihash.of(Multihash.IDENTITY, new byte[36])).encode(),
            Cid.of(0x300, Multihash.of(Multihash.SHA2_512, new byte[64])).encode());
    int good = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] seed = seeds.get(random.nextInt(seeds.size()));
      byte[] bytes = Arrays.copyOf(seed, Math.max(0, seed.length - random.nextInt(3) + 1));
      int flips = random.nextInt(3);
      for (int j = 0; j < flips && bytes.length > 0; j++) {
        bytes[random.nextInt(Math.min(bytes.length, 6))] = (byte) random.nextInt();
      }
      try {
        assertArrayEquals(bytes, Cid.decode(bytes).encode());
        good++;
      } catch (MalformedException e) {
        assertEquals(MalformedException.class, e.getClass());
      }
    }
    assertTrue(good > 1000, "only " + good + " decoded");
  }
}
