package dev.cairn.node.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressBookTest {

  private static final long WALL = 1_764_000_000_000L;

  private final AddressBook book = new AddressBook(Rig.KEY);

  private static Candidate candidate(int number, String ip, String teller) {
    Multiaddr address = Rig.address(ip);
    PeerId peer = Rig.identity("n" + number).id();
    return new Candidate(
        peer, Source.EXCHANGE, teller, List.of(address), Neighbourhood.of(address).orElseThrow());
  }

  private static String anywhere(int i) {
    return (1 + i % 9) + "." + i / 9 % 250 + "." + i % 250 + ".1";
  }

  @Test
  void one_teller_fills_a_quarter_of_the_table_at_most() {
    int taken = 0;
    for (int i = 0; i < 1_500; i++) {
      taken += book.add(candidate(i, anywhere(i), "198.51.0.0/16"), WALL) ? 1 : 0;
    }
    assertTrue(taken <= AddressBook.NEW_BUCKETS_PER_TELLER * AddressBook.BUCKET_MAX, taken + "");
    assertTrue(taken > 100, taken + "");
  }

  @Test
  void many_tellers_fill_more_than_that() {
    int taken = 0;
    for (int i = 0; i < 1_500; i++) {
      taken += book.add(candidate(i, anywhere(i), "198." + i % 200 + ".0.0/16"), WALL) ? 1 : 0;
    }
    assertTrue(taken > 3 * AddressBook.NEW_BUCKETS_PER_TELLER * AddressBook.BUCKET_MAX, taken + "");
    assertTrue(taken <= AddressBook.NEW_BUCKETS * AddressBook.BUCKET_MAX);
  }

  @Test
  void peers_of_one_region_told_by_one_region_share_a_bucket() {
    int taken = 0;
    for (int i = 0; i < 200; i++) {
      taken += book.add(candidate(i, "203.0." + i + ".1", "198.51.0.0/16"), WALL) ? 1 : 0;
    }
    assertEquals(AddressBook.BUCKET_MAX, taken);
  }

  @Test
  void a_region_holds_four_buckets_of_the_tried_at_most() {
    for (int i = 0; i < 400; i++) {
      Candidate c = candidate(i, "203.0." + i % 250 + "." + (1 + i / 250), "198.51.0.0/16");
      c.provenMillis = WALL;
      book.promote(c, WALL, other -> false);
    }
    int most = AddressBook.TRIED_BUCKETS_PER_REGION * AddressBook.BUCKET_MAX;
    assertTrue(book.triedCount() <= most, book.triedCount() + "");
    assertTrue(book.triedCount() > AddressBook.BUCKET_MAX, book.triedCount() + "");
  }

  @Test
  void a_full_bucket_makes_room_for_one_that_is_worth_more() {
    for (int i = 0; i < AddressBook.BUCKET_MAX; i++) {
      assertTrue(book.add(candidate(i, "203.0." + i + ".1", "t"), WALL));
    }
    assertFalse(book.add(candidate(90, "203.0.90.1", "t"), WALL));
    PeerId worst = Rig.identity("n3").id();
    book.get(worst).orElseThrow().failures = Candidate.UNTRIED_FAILURES_MAX;
    assertTrue(book.add(candidate(90, "203.0.90.1", "t"), WALL));
    assertTrue(book.get(worst).isEmpty());
    assertEquals(AddressBook.BUCKET_MAX, book.newCount());
  }

  @Test
  void whoever_would_lose_its_place_among_the_tried_is_tried_first() {
    Map<Integer, Integer> perBucket = new HashMap<>();
    int next = 0;
    int full = -1;
    while (full < 0) {
      Candidate c = candidate(next++, "203.0.1.1", "t");
      c.provenMillis = WALL;
      book.promote(c, WALL, other -> false);
      full = perBucket.merge(c.bucket, 1, Integer::sum) == AddressBook.BUCKET_MAX ? c.bucket : -1;
    }
    long later = WALL + AddressBook.FRESH_MILLIS + 1;
    Candidate newcomer = candidate(next++, "203.0.1.1", "t");
    newcomer.provenMillis = later;
    var challenged = book.promote(newcomer, later, other -> false);
    while (newcomer.tried) {
      newcomer = candidate(next++, "203.0.1.1", "t");
      newcomer.provenMillis = later;
      challenged = book.promote(newcomer, later, other -> false);
    }
    Candidate incumbent = challenged.orElseThrow();
    assertTrue(incumbent.tried, "it keeps its place until it has failed");
    incumbent.failures = 1;
    assertTrue(book.promote(newcomer, later, other -> false).isEmpty());
    assertTrue(newcomer.tried);
    assertFalse(incumbent.tried);
  }

  @Test
  void a_peer_in_use_or_fresh_keeps_its_place() {
    int next = 0;
    for (int i = 0; i < 200; i++) {
      Candidate c = candidate(next++, "203.0.1.1", "t");
      c.provenMillis = WALL;
      c.failures = 3;
      book.promote(c, WALL, other -> false);
    }
    int before = book.triedCount();
    Set<PeerId> then = tried();
    for (int i = 0; i < 200; i++) {
      Candidate c = candidate(next++, "203.0.1.1", "t");
      c.provenMillis = WALL + 1;
      book.promote(c, WALL + 1, other -> false);
      c = candidate(next++, "203.0.1.1", "t");
      c.provenMillis = WALL;
      book.promote(c, WALL + 2 * AddressBook.FRESH_MILLIS, other -> true);
    }
    assertEquals(before, book.triedCount());
    assertEquals(then, tried());
  }

  private Set<PeerId> tried() {
    Set<PeerId> peers = new HashSet<>();
    book.all().stream().filter(c -> c.tried).forEach(c -> peers.add(c.peer));
    return peers;
  }

  @Test
  void numbers_in_one_bucket_win_nothing() {
    for (int i = 0; i < AddressBook.BUCKET_MAX; i++) {
      book.add(candidate(i, "203.0." + i + ".1", "evil"), WALL);
    }
    int honest = 0;
    for (int i = 100; i < 103; i++) {
      book.add(candidate(i, i + ".0.0.1", "friend" + i), WALL);
    }
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      Candidate c = book.pick(false, any -> true, random).orElseThrow();
      honest += c.teller.startsWith("friend") ? 1 : 0;
    }
    assertTrue(honest > 600, honest + " of 1000, with 3 of 19 in the book");
  }
}
