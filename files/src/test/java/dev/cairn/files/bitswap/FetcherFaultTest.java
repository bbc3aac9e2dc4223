package dev.cairn.files.bitswap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Cid;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Peers that stall, lie or leave.
class FetcherFaultTest extends FetchScript {

  @Test
  void a_peer_that_sends_nothing_holds_nothing_up() {
    begin(6, ANN, BOB);
    assertEquals(3, owed(ANN).size());
    for (int i = 0; i < 40; i++) {
      tickAfter(100);
      if (!owed(BOB).isEmpty()) {
        arrive(BOB, owed(BOB).getFirst());
      }
    }
    assertEquals(6, effects.stream().filter(FetchEffect.Delivered.class::isInstance).count());
    assertEquals(List.of(), owed(ANN));
  }

  @Test
  void the_only_peer_is_asked_again_after_a_stall_but_not_for_ever() {
    begin(1, ANN);
    tickAfter(60_000);
    assertEquals(params.stallsMax(), asked(effects, ANN).size());
    assertTrue(has(effects, new FetchEffect.Status(1, ANN, Standing.STALLED, "stalled")));
    assertFalse(effects.stream().anyMatch(FetchEffect.LetGo.class::isInstance));
  }

  @Test
  void a_peer_that_rests_is_told_as_slow_and_keeps_what_it_is_known_to_have() {
    begin(1, ANN);
    tickAfter(params.stall().toMillis() + 200);
    assertTrue(has(effects, new FetchEffect.Status(1, ANN, Standing.SLOW, "sends nothing")));
    assertEquals(List.of(), owed(ANN));
    tickAfter(params.stall().toMillis() + 200);
    assertEquals(List.of(cid(0)), owed(ANN)); // it has the root, so it is asked again
    assertTrue(has(arrive(ANN, cid(0)), new FetchEffect.Delivered(1, ANN, cid(0), MIB, 0)));
  }

  @Test
  void a_peer_that_sends_a_byte_a_second_is_let_go() {
    assertTrue(crawl(1).contains(Standing.STALLED));
    // The negative control: slow as it is, this one is kept.
    fetcher = new Fetcher(params, 1);
    effects.clear();
    assertFalse(crawl(params.intervalBytesMin() / 10 + 1).contains(Standing.STALLED));
  }

  @Test
  void a_peer_that_sends_what_nobody_asked_for_loses_its_blocks_and_its_connection() {
    begin(20, EVE, BOB);
    for (int i = 0; i < params.strikesMax() - 1; i++) {
      step(new FetchInput.Unwanted(EVE, cid(900 + i), MIB));
      assertEquals(List.of(), owed(EVE));
    }
    assertFalse(effects.stream().anyMatch(FetchEffect.LetGo.class::isInstance));
    step(new FetchInput.Unwanted(EVE, cid(999), MIB));
    assertTrue(effects.stream().anyMatch(FetchEffect.LetGo.class::isInstance));
    assertTrue(
        has(
            effects,
            new FetchEffect.Status(
                1, EVE, Standing.LIED, "sent blocks that nobody had asked for")));
    step(new FetchInput.Gone(EVE));
    List<FetchEffect> back = step(new FetchInput.Joined(EVE, 0, true));
    assertEquals(List.of(), told(back, EVE));
  }

  @Test
  void a_block_that_comes_late_is_no_lie() {
    begin(20, ANN, BOB);
    for (Cid cid : owed(ANN)) {
      step(new FetchInput.Unwanted(ANN, Keys.of(cid), MIB));
    }
    assertFalse(effects.stream().anyMatch(FetchEffect.LetGo.class::isInstance));
  }

  @Test
  void an_idle_peer_takes_over_what_waits_elsewhere() {
    begin(6, ANN, BOB);
    List<Cid> slow = owed(BOB);
    for (Cid cid : owed(ANN)) {
      now += 20 * MS;
      arrive(ANN, cid);
    }
    // All are asked for: Ann, who is fast, takes the last of Bob's.
    assertEquals(1, owed(ANN).size());
    assertEquals(slow.getLast(), owed(ANN).getFirst());
    assertTrue(told(effects, BOB).contains(Entry.cancel(slow.getLast())));
    arrive(ANN, slow.getLast());
    arrive(ANN, owed(ANN).getFirst());
    tickAfter(1_000);
    // The first of Bob's may be on its way: it is asked for twice, and no more often.
    assertEquals(List.of(slow.getFirst()), owed(ANN));
    assertEquals(List.of(slow.getFirst()), owed(BOB));
    join(EVE);
    say(EVE, ROOT, true);
    tickAfter(2_000);
    assertEquals(List.of(), owed(EVE));
    arrive(ANN, slow.getFirst());
    assertEquals(List.of(), owed(BOB));
  }

  @Test
  void a_peer_that_is_gone_leaves_its_blocks_to_others() {
    begin(6, ANN, BOB);
    step(new FetchInput.Gone(ANN));
    assertTrue(has(effects, new FetchEffect.Status(1, ANN, Standing.GONE, "disconnected")));
    for (int i = 0; i < 6; i++) {
      now += 20 * MS;
      arrive(BOB, owed(BOB).getFirst());
    }
    assertEquals(6, effects.stream().filter(FetchEffect.Delivered.class::isInstance).count());
  }

  @Test
  void what_a_lost_stream_may_have_carried_is_told_again() {
    begin(3, ANN);
    List<FetchEffect> again = step(new FetchInput.Reopened(ANN));
    FetchEffect.Tell tell = (FetchEffect.Tell) again.getFirst();
    assertTrue(tell.full());
    assertEquals(Set.copyOf(cids(3)), Set.copyOf(asked(again, ANN)));
  }

  @Test
  void a_block_that_cannot_be_kept_fails_its_sessions() {
    begin(2, ANN);
    List<FetchEffect> broken = step(new FetchInput.Broken(cid(0), "the disk is full"));
    assertTrue(has(broken, new FetchEffect.Failed(1, "the disk is full")));
  }

  private List<Standing> crawl(int bytesPerSecond) {
    begin(1, ANN);
    for (int i = 0; i < 30; i++) {
      step(new FetchInput.Heard(ANN, bytesPerSecond));
      tickAfter(1_000);
    }
    return effects.stream()
        .filter(FetchEffect.Status.class::isInstance)
        .map(e -> ((FetchEffect.Status) e).standing())
        .toList();
  }
}
