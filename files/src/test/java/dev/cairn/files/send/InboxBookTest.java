package dev.cairn.files.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.send.InboxRules.Accept;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InboxBookTest {

  private static final PeerId ALICE = Pair.peer(1);
  private static final PeerId MALLORY = Pair.peer(3);
  private static final long DAY = Duration.ofDays(1).toMillis();

  private static final SendParams FEW =
      new SendParams(
          4,
          2,
          Duration.ofDays(7),
          Duration.ofDays(7),
          1,
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));

  private static Offer offer(int number, long size) {
    return new Offer(
        String.format("%032x", number),
        "file" + number,
        size,
        Cid.hash(Cid.RAW, new byte[] {(byte) number}),
        Offer.Kind.FILE);
  }

  private static InboxBook book(Accept accept) {
    return new InboxBook(new InboxRules(accept, Set.of(ALICE), 1_000, 2_500), FEW, List.of());
  }

  private static OfferState state(OfferStatus status) {
    return status.state();
  }

  @Test
  void the_rule_decides_who_is_heard() {
    Offer small = offer(1, 10);
    assertEquals(OfferState.ACCEPTED, state(book(Accept.ASK).offered(ALICE, small, 0, 0)));
    assertEquals(OfferState.WAITING, state(book(Accept.ASK).offered(MALLORY, small, 0, 0)));
    assertEquals(OfferState.ACCEPTED, state(book(Accept.ALLOWED).offered(ALICE, small, 0, 0)));
    assertEquals(OfferState.REFUSED, state(book(Accept.ALLOWED).offered(MALLORY, small, 0, 0)));
    assertEquals(OfferState.ACCEPTED, state(book(Accept.ALL).offered(MALLORY, small, 0, 0)));
    assertEquals(OfferState.REFUSED, state(book(Accept.NONE).offered(ALICE, small, 0, 0)));
  }

  @Test
  void an_offer_over_the_size_limit_is_refused_whoever_makes_it() {
    assertEquals(
        OfferState.ACCEPTED, state(book(Accept.ALL).offered(ALICE, offer(1, 1_000), 0, 0)));
    OfferStatus over = book(Accept.ALL).offered(ALICE, offer(1, 1_001), 0, 0);
    assertEquals(OfferState.REFUSED, over.state());
    assertTrue(over.reason().contains("at most 1000"), over.reason());
  }

  @Test
  void the_quota_counts_what_is_here_and_what_was_promised() {
    InboxBook book = book(Accept.ALL);
    assertEquals(OfferState.ACCEPTED, state(book.offered(ALICE, offer(1, 1_000), 1_000, 0)));
    assertEquals(OfferState.REFUSED, state(book.offered(ALICE, offer(2, 501), 1_000, 0)));
    assertEquals(OfferState.ACCEPTED, state(book.offered(ALICE, offer(3, 500), 1_000, 0)));
  }

  @Test
  void a_repeated_offer_is_the_same_offer() {
    InboxBook book = book(Accept.ASK);
    assertEquals(OfferState.WAITING, state(book.offered(MALLORY, offer(1, 10), 0, 0)));
    assertEquals(OfferState.WAITING, state(book.offered(MALLORY, offer(1, 10), 0, 5)));
    assertEquals(1, book.all().size());
    assertEquals(OfferState.REFUSED, state(book.offered(MALLORY, offer(1, 11), 0, 5)));
    String key = book.all().getFirst().key();
    assertEquals(Optional.empty(), book.refuse(key, "no", 6));
    assertEquals("no", book.offered(MALLORY, offer(1, 10), 0, 7).reason());
  }

  @Test
  void two_peers_may_choose_the_same_id() {
    InboxBook book = book(Accept.ASK);
    assertEquals(OfferState.ACCEPTED, state(book.offered(ALICE, offer(1, 10), 0, 0)));
    assertEquals(OfferState.WAITING, state(book.offered(MALLORY, offer(1, 10), 0, 0)));
    assertFalse(book.withdrawn(Pair.peer(4), offer(1, 10).id(), 1));
    assertTrue(book.withdrawn(MALLORY, offer(1, 10).id(), 1));
    assertEquals(
        List.of(OfferState.ACCEPTED, OfferState.WITHDRAWN),
        book.all().stream().map(o -> o.status().state()).toList());
  }

  @Test
  void one_peer_has_so_many_open_offers_and_all_together_so_many() {
    InboxBook book = book(Accept.ASK);
    assertEquals(OfferState.WAITING, state(book.offered(MALLORY, offer(1, 10), 0, 0)));
    assertEquals(OfferState.WAITING, state(book.offered(MALLORY, offer(2, 10), 0, 0)));
    assertEquals(OfferState.REFUSED, state(book.offered(MALLORY, offer(3, 10), 0, 0)));
    PeerId fourth = Pair.peer(4);
    assertEquals(OfferState.WAITING, state(book.offered(fourth, offer(1, 10), 0, 0)));
    assertEquals(OfferState.WAITING, state(book.offered(fourth, offer(2, 10), 0, 0)));
    assertEquals(OfferState.REFUSED, state(book.offered(Pair.peer(5), offer(1, 10), 0, 0)));
    String key = book.all().getFirst().key();
    assertEquals(Optional.empty(), book.refuse(key, "no", 1));
    assertEquals(OfferState.WAITING, state(book.offered(Pair.peer(5), offer(1, 10), 0, 0)));
    assertEquals(4, book.all().size(), "the refused one made room");
  }

  @Test
  void what_is_decided_stays_decided() {
    InboxBook book = book(Accept.ASK);
    OfferStatus _ = book.offered(MALLORY, offer(1, 10), 0, 0);
    String key = book.all().getFirst().key();
    assertEquals(Optional.empty(), book.accept(key, 0, 1));
    assertEquals(Optional.empty(), book.accept(key, 0, 1), "twice is once");
    assertTrue(book.progress(key, 5, 2).isPresent());
    assertTrue(book.finished(key, "there", 3).isPresent());
    assertTrue(book.accept(key, 0, 4).isPresent());
    assertTrue(book.refuse(key, "no", 4).isPresent());
    assertTrue(book.failed(key, "no", 4).isEmpty());
    assertEquals(10, book.all().getFirst().status().bytes());
    assertTrue(book.accept("nonsense", 0, 4).isPresent());
  }

  @Test
  void an_offer_taken_by_hand_has_to_fit_too() {
    InboxBook book = book(Accept.ASK);
    OfferStatus _ = book.offered(MALLORY, offer(1, 1_000), 0, 0);
    String key = book.all().getFirst().key();
    assertTrue(book.accept(key, 2_000, 1).orElseThrow().contains("full"));
    assertEquals(Optional.empty(), book.accept(key, 1_500, 1));
  }

  @Test
  void offers_expire_and_are_forgotten() {
    InboxBook book = book(Accept.ASK);
    OfferStatus _ = book.offered(MALLORY, offer(1, 10), 0, 0);
    assertFalse(book.expire(7 * DAY));
    assertTrue(book.expire(7 * DAY + 1));
    assertEquals(OfferState.FAILED, book.all().getFirst().status().state());
    assertFalse(book.expire(14 * DAY + 1));
    assertTrue(book.expire(14 * DAY + 2));
    assertEquals(List.of(), book.all());
  }
}
