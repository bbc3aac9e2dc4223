package dev.cairn.libp2p.mdns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DnsMessageTest {

  private static final DnsMessage SAMPLE =
      new DnsMessage(
          true,
          List.of(new DnsMessage.Question("_p2p._udp.local", DnsMessage.TYPE_PTR)),
          List.of(new DnsMessage.Pointer("_p2p._udp.local", 120, "abc._p2p._udp.local")),
          List.of(new DnsMessage.Text("abc._p2p._udp.local", 120, List.of("dnsaddr=/a", ""))));

  @Test
  void decodes_what_it_encodes() {
    byte[] encoded = SAMPLE.encode();
    assertEquals(SAMPLE, DnsMessage.decode(encoded, encoded.length));
  }

  @Test
  void encodes_a_query_as_the_standard_says() {
    assertEquals(
        "000000000001000000000000" + "045f703270045f756470056c6f63616c00" + "000c0001",
        Hex.encode(PeerRecords.query().encode()));
  }

  @Test
  void follows_pointers_back() {
    // Question for local., answer at name c00c (= local.), PTR to "a" + c00c.
    byte[] message =
        Hex.decode(
            "000084000001000100000000"
                + "056c6f63616c00000c0001"
                + "c00c000c0001000000780004"
                + "0161c00c");
    DnsMessage decoded = DnsMessage.decode(message, message.length);
    assertEquals(List.of(new DnsMessage.Pointer("local", 120, "a.local")), decoded.answers());
  }

  @Test
  void refuses_pointers_that_go_round_or_forward() {
    for (String pointer : List.of("c00c", "c00e", "c0ff")) {
      byte[] message = Hex.decode("000000000001000000000000" + pointer + "000c0001");
      assertThrows(MalformedException.class, () -> DnsMessage.decode(message, message.length));
    }
  }

  @Test
  void refuses_names_and_counts_over_the_limits() {
    ByteArrayOutputStream longName = new ByteArrayOutputStream();
    longName.writeBytes(Hex.decode("000000000001000000000000"));
    for (int i = 0; i < 5; i++) {
      longName.write(63);
      longName.writeBytes(new byte[63]);
    }
    longName.writeBytes(Hex.decode("00000c0001"));
    byte[] name = longName.toByteArray();
    assertThrows(MalformedException.class, () -> DnsMessage.decode(name, name.length));
    byte[] counts = Hex.decode("00000000ffff000000000000");
    assertThrows(MalformedException.class, () -> DnsMessage.decode(counts, counts.length));
    byte[] big = new byte[DnsMessage.MESSAGE_BYTES_MAX + 1];
    assertThrows(MalformedException.class, () -> DnsMessage.decode(big, big.length));
  }

  @Test
  void passes_over_records_it_does_not_know() {
    // One SRV record, root name, 6 bytes of data, then a PTR record.
    byte[] message =
        Hex.decode(
            "000084000000000200000000"
                + "0000210001000000780006000000000000"
                + "00000c00010000007800020000".replace("00020000", "000100"));
    DnsMessage decoded = DnsMessage.decode(message, message.length);
    assertEquals(1, decoded.answers().size());
  }

  @Test
  void any_bytes_decode_or_are_refused_as_malformed() {
    Random random = new Random(20260101);
    byte[] sample = SAMPLE.encode();
    int decoded = 0;
    for (int i = 0; i < 40_000; i++) {
      byte[] input = sample.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        input[random.nextInt(input.length)] = (byte) random.nextInt();
      }
      int length = random.nextInt(8) == 0 ? random.nextInt(input.length) : input.length;
      try {
        DnsMessage message = DnsMessage.decode(input, length);
        PeerRecords.peers(message);
        decoded++;
      } catch (MalformedException expected) {
        // Refused, which is an answer too.
      }
    }
    assertTrue(decoded > 500, "the fuzz never got through: " + decoded);
  }
}
