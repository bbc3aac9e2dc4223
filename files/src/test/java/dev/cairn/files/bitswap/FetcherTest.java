package dev.cairn.files.bitswap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FetcherTest extends FetchScript {

  @Test
  void who_has_the_root_is_found_out_and_asked_for_the_rest() {
    join(ANN);
    List<FetchEffect> opened = step(new FetchInput.Open(1, ROOT, Set.of(), false));
    assertEquals(List.of(Entry.wantHave(ROOT)), told(opened, ANN));
    step(new FetchInput.Want(1, List.of(ROOT)));
    List<FetchEffect> answered = say(ANN, ROOT, true);
    assertEquals(List.of(Entry.wantBlock(ROOT)), told(answered, ANN));
    assertTrue(has(answered, new FetchEffect.Status(1, ANN, Standing.COMPLETE, "")));
    List<FetchEffect> arrived = step(new FetchInput.Arrived(ANN, Keys.of(ROOT), 100, 3));
    assertTrue(has(arrived, new FetchEffect.Delivered(1, ANN, ROOT, 100, 3)));
    assertTrue(has(arrived, new FetchEffect.Unwatch(Keys.of(ROOT))));
    List<FetchEffect> wanted = step(new FetchInput.Want(1, cids(3)));
    assertEquals(Set.copyOf(cids(3)), Set.copyOf(asked(wanted, ANN)));
    assertEquals(FetchEffect.Watch.class, wanted.getFirst().getClass());
  }

  @Test
  void who_has_not_got_the_root_is_asked_when_it_has() {
    open();
    join(ANN);
    assertTrue(
        has(
            say(ANN, ROOT, false),
            new FetchEffect.Status(1, ANN, Standing.LACKS, "has not got it")));
    assertEquals(List.of(), told(step(new FetchInput.Want(1, cids(3))), ANN));
    assertEquals(3, asked(say(ANN, ROOT, true), ANN).size());
  }

  @Test
  void who_has_a_part_says_which_and_is_asked_for_that() {
    begin(10, ANN);
    Cid first = asked(effects, ANN).getFirst();
    List<FetchEffect> lacking = say(ANN, first, false);
    List<Entry> told = told(lacking, ANN);
    assertEquals(Entry.cancel(first), told.getFirst());
    assertEquals(8, told.stream().filter(e -> !e.block() && !e.cancel()).count());
    assertEquals(List.of(), asked(lacking, ANN));
    assertEquals(List.of(first), asked(say(ANN, first, true), ANN));
    List<FetchEffect> more = step(new FetchInput.Want(1, List.of(cid(100))));
    assertEquals(List.of(Entry.wantHave(cid(100))), told(more, ANN));
  }

  @Test
  void a_small_block_that_came_for_a_word_shows_who_has_it() {
    open();
    join(ANN);
    step(new FetchInput.Want(1, List.of(ROOT)));
    List<FetchEffect> arrived = step(new FetchInput.Arrived(ANN, Keys.of(ROOT), 100, 3));
    assertTrue(has(arrived, new FetchEffect.Status(1, ANN, Standing.COMPLETE, "")));
    assertEquals(3, asked(step(new FetchInput.Want(1, cids(9))), ANN).size());
  }

  @Test
  void a_peer_is_asked_for_more_as_it_delivers_and_the_fast_one_for_most() {
    begin(200, ANN, BOB);
    assertEquals(3, asked(effects, ANN).size());
    int ann = 0;
    for (int i = 0; i < 100; i++) {
      now += 10 * MS;
      List<Cid> owed = owed(ANN);
      arrive(ANN, owed.getFirst());
      ann++;
      if (i % 10 == 9) {
        arrive(BOB, owed(BOB).getFirst());
      }
    }
    assertEquals(100, ann);
    // 100 MB/s for a tenth of a second, and two round trips of 1 ms.
    assertEquals(10, owed(ANN).size(), 2);
    assertEquals(3, owed(BOB).size());
  }

  @Test
  void nobody_is_asked_for_what_another_was_asked_for() {
    begin(20, ANN, BOB, EVE);
    Set<Cid> all = new HashSet<>(asked(effects, ANN));
    all.addAll(asked(effects, BOB));
    all.addAll(asked(effects, EVE));
    assertEquals(9, all.size());
  }

  @Test
  void rare_blocks_come_first() {
    open();
    step(new FetchInput.Want(1, cids(40)));
    join(BOB);
    say(BOB, ROOT, false);
    for (int i = 0; i < 37; i++) {
      say(BOB, cid(i), true);
    }
    step(new FetchInput.Gone(EVE));
    join(ANN);
    List<FetchEffect> answered = say(ANN, ROOT, true);
    List<Cid> asked = asked(answered, ANN);
    assertEquals(3, asked.size());
    assertTrue(asked.stream().filter(c -> cids(40).indexOf(c) >= 37).count() >= 2, "" + asked);
  }

  @Test
  void a_small_root_that_comes_before_it_is_wanted_shows_who_has_it() {
    open();
    join(ANN);
    step(new FetchInput.Unwanted(ANN, Keys.of(ROOT), 100));
    List<FetchEffect> wanted = step(new FetchInput.Want(1, List.of(ROOT)));
    assertEquals(List.of(ROOT), asked(wanted, ANN));
  }

  @Test
  void a_small_root_that_comes_from_two_shows_that_both_have_it() {
    open();
    join(ANN);
    join(BOB);
    step(new FetchInput.Want(1, List.of(ROOT)));
    step(new FetchInput.Arrived(ANN, Keys.of(ROOT), 100, 3));
    List<FetchEffect> second = step(new FetchInput.Arrived(BOB, Keys.of(ROOT), 100, 3));
    assertTrue(has(second, new FetchEffect.Status(1, BOB, Standing.COMPLETE, "")));
  }

  @Test
  void a_block_that_comes_before_the_word_about_the_root_does_not_hide_the_rest() {
    open();
    join(ANN);
    step(new FetchInput.Want(1, cids(3)));
    step(new FetchInput.Arrived(ANN, Keys.of(cid(0)), 100, 0)); // asked for by an earlier session
    assertEquals(Set.of(cid(1), cid(2)), Set.copyOf(asked(say(ANN, ROOT, true), ANN)));
  }

  @Test
  void who_lacks_the_root_and_sends_a_block_is_asked_what_else_it_has() {
    open();
    join(ANN);
    step(new FetchInput.Want(1, cids(3)));
    say(ANN, ROOT, false);
    List<FetchEffect> arrived = step(new FetchInput.Arrived(ANN, Keys.of(cid(0)), 100, 0));
    assertTrue(has(arrived, new FetchEffect.Status(1, ANN, Standing.PARTIAL, "has a part")));
    assertEquals(List.of(Entry.wantHave(cid(1)), Entry.wantHave(cid(2))), told(arrived, ANN));
  }

  @Test
  void only_the_peers_that_are_named_are_asked() {
    step(new FetchInput.Open(1, ROOT, Set.of(BOB), false));
    join(ANN);
    join(BOB);
    say(ANN, ROOT, true);
    say(BOB, ROOT, true);
    step(new FetchInput.Want(1, cids(10)));
    assertEquals(List.of(), told(effects, ANN));
    assertEquals(3, owed(BOB).size());
  }

  @Test
  void blocks_come_in_order_for_whoever_reads_along() {
    step(new FetchInput.Open(1, ROOT, Set.of(), true));
    join(ANN);
    say(ANN, ROOT, true);
    step(new FetchInput.Want(1, cids(10)));
    assertEquals(cids(3), owed(ANN));
    arrive(ANN, cid(0));
    assertEquals(List.of(cid(1), cid(2), cid(3)), owed(ANN).subList(0, 3));
  }

  @Test
  void two_sessions_share_a_block_and_one_may_leave() {
    begin(2, ANN);
    step(new FetchInput.Open(2, cid(50), Set.of(), false));
    step(new FetchInput.Want(2, cids(2)));
    assertEquals(2, owed(ANN).size());
    List<FetchEffect> closed = step(new FetchInput.Close(1));
    assertFalse(
        told(closed, ANN).stream()
            .anyMatch(e -> e.block() && e.cancel() && cids(2).contains(e.cid())));
    List<FetchEffect> arrived = arrive(ANN, cid(0));
    assertTrue(has(arrived, new FetchEffect.Delivered(2, ANN, cid(0), MIB, 0)));
    List<FetchEffect> last = step(new FetchInput.Close(2));
    assertTrue(told(last, ANN).contains(Entry.cancel(cid(1))));
    assertTrue(has(last, new FetchEffect.Expect(ANN, false)));
    assertEquals(Long.MAX_VALUE, fetcher.deadlineNanos());
  }

  @Test
  void a_peer_of_an_old_version_is_asked_at_once() {
    open();
    step(new FetchInput.Joined(ANN, 0, false));
    assertEquals(3, asked(step(new FetchInput.Want(1, cids(5))), ANN).size());
  }

  @Test
  void the_same_inputs_give_the_same_effects() {
    List<FetchEffect> first = script();
    fetcher = new Fetcher(params, 1);
    effects.clear();
    now = 1_000_000_000;
    assertEquals(first, script());
  }

  private List<FetchEffect> script() {
    begin(100, ANN, BOB, EVE);
    for (int i = 0; i < 60; i++) {
      now += 7 * MS;
      PeerId peer = i % 3 == 0 ? BOB : ANN;
      if (!owed(peer).isEmpty()) {
        arrive(peer, owed(peer).getFirst());
      }
      tickAfter(100);
    }
    return List.copyOf(effects);
  }
}
