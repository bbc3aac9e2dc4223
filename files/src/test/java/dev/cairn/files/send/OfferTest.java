package dev.cairn.files.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfferTest {

  private static final String ID = "00112233445566778899aabbccddeeff";
  private static final Cid ROOT = Cid.hash(Cid.RAW, new byte[] {1});

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "../../.ssh/authorized_keys",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "C:\\boot.ini",
        "nul\0.txt",
        "line\nbreak",
        " padded ",
        "gpj.\u202eexe",
        "zero\u200bwidth",
        "del\u007f",
        "lone\ud800"
      })
  void a_name_that_is_more_than_a_name_is_refused(String name) {
    assertThrows(
        MalformedException.class, () -> new Offer(ID, name, 1, ROOT, Offer.Kind.FILE), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "report.pdf", ".bashrc", "Ünïcödé ☃ 写真.jpg", "a..b", "..."})
  void a_plain_name_is_taken(String name) {
    assertEquals(name, Offer.checkName(name));
  }

  @Test
  void a_name_has_at_most_255_bytes() {
    assertEquals(255, Offer.checkName("n".repeat(255)).length());
    assertThrows(MalformedException.class, () -> Offer.checkName("n".repeat(256)));
    assertThrows(MalformedException.class, () -> Offer.checkName("é".repeat(128)));
    assertThrows(MalformedException.class, () -> Offer.checkName("n".repeat(4_096)));
  }

  @Test
  void an_id_has_sixteen_bytes() {
    assertThrows(MalformedException.class, () -> new Offer("0011", "a", 1, ROOT, Offer.Kind.FILE));
  }

  @Test
  void every_message_is_read_as_it_was_written() {
    for (SendMessage message :
        new SendMessage[] {
          new SendMessage.Offered(
              new Offer(ID, "n".repeat(255), Long.MAX_VALUE, ROOT, Offer.Kind.FOLDER)),
          new SendMessage.Reported(ID, new OfferStatus(OfferState.ACCEPTED, 77, "")),
          new SendMessage.Reported(ID, OfferStatus.refused("r".repeat(9_999))),
          new SendMessage.Withdrawn(ID)
        }) {
      assertEquals(message, SendMessage.decode(message.encode()));
      assertEquals(true, message.encode().length <= SendMessage.BYTES_MAX);
    }
  }

  @Test
  void a_reason_is_cut_and_holds_no_control_characters() {
    OfferStatus status = OfferStatus.refused("\u001b[31m" + "☃".repeat(9_999));
    assertEquals(OfferStatus.REASON_BYTES_MAX / 4, status.reason().length());
    assertEquals(status, OfferStatus.decode(status.encode()));
    assertEquals(' ', status.reason().charAt(0));
  }

  @Test
  void damaged_messages_are_refused_as_malformed() {
    Random random = new Random(1);
    byte[] good = new SendMessage.Offered(new Offer(ID, "name", 5, ROOT, Offer.Kind.FILE)).encode();
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = java.util.Arrays.copyOf(good, random.nextInt(good.length + 4));
      for (int flips = random.nextInt(3); flips >= 0 && bad.length > 0; flips--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        SendMessage message = SendMessage.decode(bad);
        assertEquals(message, SendMessage.decode(message.encode()));
      } catch (MalformedException e) {
        // As it should be.
      }
    }
  }
}
