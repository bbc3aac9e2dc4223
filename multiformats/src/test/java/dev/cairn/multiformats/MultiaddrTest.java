package dev.cairn.multiformats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MultiaddrTest {

  private static final String KEY = "12D3KooWCryG7Mon9orvQxcS1rYZjotPgpwoJNHHKcLLfE4Hf5mV";

  @Test
  void takes_what_go_multiaddr_takes() {
    for (String text : Vectors.lines("multiaddr-good.txt")) {
      Multiaddr address = Multiaddr.parse(text);
      assertEquals(address, Multiaddr.decode(address.encode()), text);
      assertEquals(address, Multiaddr.parse(address.toString()), text);
      if (!text.contains("ipfs")
          && !text.contains("/p2p/k")
          && !text.contains("/p2p/b")
          && !text.contains("certhash")
          && !text.endsWith("/")) {
        assertEquals(text, address.toString());
      }
    }
  }

  @Test
  void refuses_what_go_multiaddr_refuses() {
    for (String text : Vectors.lines("multiaddr-bad.txt")) {
      assertThrows(MalformedException.class, () -> Multiaddr.parse(text), text);
    }
    assertThrows(MalformedException.class, () -> Multiaddr.parse(""));
    assertThrows(MalformedException.class, () -> Multiaddr.decode(new byte[0]));
  }

  @Test
  void writes_the_bytes_of_go_multiaddr() {
    for (List<String> row : Vectors.rows("multiaddr-bytes.csv")) {
      assertEquals(row.get(1), Hex.encode(Multiaddr.parse(row.get(0)).encode()));
      assertEquals(row.get(0), Multiaddr.decode(Hex.decode(row.get(1))).toString());
    }
  }

  @Test
  void shows_values_in_their_canonical_form() {
    Map<String, String> canonical =
        Map.of(
            "/ipfs/" + KEY,
            "/p2p/" + KEY,
            "/p2p/bafzaajaiaejcalj543iwv2d7pkjt7ykvefrkfu7qjfi6sduakhso4lay6abn2d5u",
            "/p2p/" + KEY,
            "/ip6/0:0:0:0:0:0:0:1",
            "/ip6/::1",
            "/ip6/2001:DB8:0:0:1:0:0:1",
            "/ip6/2001:db8::1:0:0:1",
            "/ip6/2001:db8:0:1:1:1:1:1",
            "/ip6/2001:db8:0:1:1:1:1:1",
            "/ip6/::ffff:127.0.0.1/tcp/111",
            "/ip6/::ffff:127.0.0.1/tcp/111",
            "/ip6/::ffff:7f00:1",
            "/ip6/::ffff:127.0.0.1",
            "/ip6/1::",
            "/ip6/1::",
            "/http-path/%61%2f",
            "/http-path/a%2F");
    canonical.forEach((text, shown) -> assertEquals(shown, Multiaddr.parse(text).toString()));
    assertEquals(
        "/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g",
        Multiaddr.parse("/certhash/uEiDDq4_xNyDorZBH3TlGazyJdOWSwvo4PUo5YHFMrvDE8g").toString());
  }

  @Test
  void refuses_bytes_that_lie() {
    for (String hex :
        List.of(
            // A peer id whose sha2-256 digest has 33 bytes (go-multiaddr), or 31, or an md5.
            "a503221221c05877cbae039d70a5e600ea02c6f9f2942439285c9e344e26f8d280c850fad6",
            "a50321121f" + "00".repeat(31),
            "a50305d501010000",
            "04",
            "047f0000",
            "06ff",
            "9102",
            "810004",
            "05",
            "350a61",
            "3500",
            "3503612f62",
            "35026120",
            "3502c3a9c3",
            "3502c328",
            "90030161",
            "9003032f612f",
            "9003022f6106",
            "d203020000ff",
            "ff7f")) {
      assertThrows(MalformedException.class, () -> Multiaddr.decode(Hex.decode(hex)), hex);
    }
  }

  @Test
  void answers_for_its_layers() {
    Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/tcp/4001/ws/p2p/" + KEY);
    assertEquals(Optional.of("127.0.0.1"), address.value(Protocol.IP4));
    assertEquals(Optional.of("4001"), address.value(Protocol.TCP));
    assertEquals(Optional.of(""), address.value(Protocol.WS));
    assertEquals(Optional.of(KEY), address.value(Protocol.P2P));
    assertEquals(Optional.empty(), address.value(Protocol.UDP));
    assertTrue(address.has(Protocol.WS));
    assertFalse(address.has(Protocol.WSS));
    assertEquals(
        List.of("/ip4/127.0.0.1", "/tcp/4001", "/ws", "/p2p/" + KEY),
        address.components().stream().map(Multiaddr.Component::toString).toList());
    assertEquals(Optional.of("/a/b"), Multiaddr.parse("/unix/a/b").value(Protocol.UNIX));
  }

  @Test
  void encapsulates_and_decapsulates_as_go_multiaddr_does() {
    Multiaddr address = Multiaddr.parse("/ip4/127.0.0.1/udp/1234");
    assertEquals("/ip4/127.0.0.1/udp/1234/udp/5678", address.with("/udp/5678").toString());
    for (List<String> row :
        List.of(
            List.of("/ip4/1.2.3.4/tcp/1234", "/ip4/1.2.3.4", ""),
            List.of("/ip4/1.2.3.4", "/ip4/1.2.3.4/tcp/1234", "/ip4/1.2.3.4"),
            List.of("/ip4/1.2.3.5/tcp/1234", "/ip4/5.3.2.1", "/ip4/1.2.3.5/tcp/1234"),
            List.of("/ip4/1.2.3.5/udp/1234/quic-v1", "/udp/1234", "/ip4/1.2.3.5"),
            List.of("/ip4/1.2.3.6/udp/1234/quic-v1", "/udp/1234/quic-v1", "/ip4/1.2.3.6"),
            List.of("/dnsaddr/wss.com/tcp/4001", "/ws", "/dnsaddr/wss.com/tcp/4001"),
            List.of("/dnsaddr/wss.com/ws", "/wss", "/dnsaddr/wss.com/ws"),
            List.of("/dnsaddr/wss.com/ws", "/dnsaddr/wss.com", ""))) {
      Optional<Multiaddr> rest =
          Multiaddr.parse(row.get(0)).decapsulate(Multiaddr.parse(row.get(1)));
      assertEquals(row.get(2), rest.map(Multiaddr::toString).orElse(""));
    }
    Multiaddr peer = address.with("/p2p/" + KEY);
    assertEquals(Optional.of(address), peer.decapsulate(Protocol.P2P));
    assertEquals(Optional.of(address), address.decapsulate(Protocol.P2P));
    assertEquals(Optional.empty(), address.decapsulate(Protocol.IP4));
    assertThrows(MalformedException.class, () -> Multiaddr.parse("/unix/a").with("/tcp/1"));
  }

  @Test
  void has_limits_of_bytes_characters_and_layers() {
    String layers = "/ws".repeat(Multiaddr.COMPONENTS_MAX);
    assertEquals(Multiaddr.COMPONENTS_MAX, Multiaddr.parse(layers).components().size());
    assertThrows(MalformedException.class, () -> Multiaddr.parse(layers + "/ws"));
    byte[] encoded = Multiaddr.parse(layers).encode();
    byte[] more = Arrays.copyOf(encoded, encoded.length + 2);
    System.arraycopy(encoded, 0, more, encoded.length, 2);
    assertThrows(MalformedException.class, () -> Multiaddr.decode(more));

    String name = "/dns/" + "a".repeat(Multiaddr.BYTES_MAX - 3);
    byte[] longest = Multiaddr.parse(name).encode();
    assertEquals(Multiaddr.BYTES_MAX, longest.length);
    assertEquals(name, Multiaddr.decode(longest).toString());
    assertThrows(MalformedException.class, () -> Multiaddr.parse(name + "a"));
  }

  @Test
  void refuses_good_bytes_above_the_limit() {
    byte[] address = new byte[Multiaddr.BYTES_MAX + 1];
    Arrays.fill(address, (byte) 'a');
    address[0] = (byte) Protocol.DNS.code();
    Varint.write(Multiaddr.BYTES_MAX - 2, address, 1);
    assertThrows(MalformedException.class, () -> Multiaddr.decode(address));
    byte[] fits = Arrays.copyOf(address, Multiaddr.BYTES_MAX);
    Varint.write(Multiaddr.BYTES_MAX - 3, fits, 1);
    assertArrayEquals(fits, Multiaddr.decode(fits).encode());
  }

  @Test
  void refuses_good_text_above_the_limit() {
    String slashes = "/".repeat(Multiaddr.TEXT_CHARS_MAX - 3);
    assertEquals("/ws", Multiaddr.parse("/ws" + slashes).toString());
    assertThrows(MalformedException.class, () -> Multiaddr.parse("/ws" + slashes + "/"));
  }

  @Test
  void whatever_decodes_encodes_to_the_same_bytes() {
    Random random = new Random(8);
    List<byte[]> seeds =
        Vectors.lines("multiaddr-good.txt").stream().map(t -> Multiaddr.parse(t).encode()).toList();
    int good = 0;
    for (int i = 0; i < 15_000; i++) {
      byte[] seed = seeds.get(random.nextInt(seeds.size()));
      byte[] bytes = Arrays.copyOf(seed, Math.max(1, seed.length + random.nextInt(4) - 2));
      int flips = random.nextInt(4);
      for (int j = 0; j < flips; j++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        Multiaddr address = Multiaddr.decode(bytes);
        assertArrayEquals(bytes, address.encode());
        assertArrayEquals(bytes, Multiaddr.parse(address.toString()).encode());
        good++;
      } catch (MalformedException e) {
        assertEquals(MalformedException.class, e.getClass());
      }
    }
    assertTrue(good > 1500, "only " + good + " decoded");
  }

  @Test
  void whatever_parses_prints_to_an_equal_address() {
    Random random = new Random(9);
    List<String> seeds = Vectors.lines("multiaddr-good.txt");
    String letters = "/0123456789abcdefp.:%\u00e9\ud800\u200b\u0660";
    int good = 0;
    for (int i = 0; i < 15_000; i++) {
      StringBuilder text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
      int flips = random.nextInt(4);
      for (int j = 0; j < flips; j++) {
        text.setCharAt(
            random.nextInt(text.length()), letters.charAt(random.nextInt(letters.length())));
      }
      try {
        Multiaddr address = Multiaddr.parse(text.toString());
        assertEquals(address, Multiaddr.parse(address.toString()));
        assertEquals(address, Multiaddr.decode(address.encode()));
        good++;
      } catch (MalformedException e) {
        assertEquals(MalformedException.class, e.getClass());
      }
    }
    assertTrue(good > 1500, "only " + good + " parsed");
  }

  @Test
  void allocates_in_proportion_to_what_arrived() {
    byte[] lie = Hex.decode("35ffffffff0761");
    long allocated =
        Allocations.of(() -> assertThrows(MalformedException.class, () -> Multiaddr.decode(lie)));
    assertTrue(allocated < Allocations.SLACK_BYTES, allocated + " bytes allocated");
  }
}
