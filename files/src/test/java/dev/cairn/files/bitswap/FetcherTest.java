package dev.cairn.files.bitswap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FetcherTest {

  private static final PeerId ANN = TestPeers.id(1);
  private static final PeerId BOB = TestPeers.id(2);
  private static final PeerId EVE = TestPeers.id(3);
  private static final Cid ROOT = Cid.hash(Cid.DAG_PB, new byte[] {1, 2, 3});
  private static final int MIB = 1 << 20;
  private static final long MS = 1_000_000;

  private final BitswapParams params = BitswapParams.STANDARD;
  private Fetcher fetcher = new Fetcher(params, 1);
  private final List<FetchEffect> effects = new ArrayList<>();
  private long now = 1_000_000_000;

  private static Cid cid(int number) {
    return Cid.hash(Cid.RAW, new byte[] {(byte) number, (byte) (number >> 8)});
  }

  private static List<Cid> cids(int count) {
    return IntStream.range(0, count).mapToObj(FetcherTest::cid).toList();
  }

  /// Steps the machine and returns what came out of this step.
  private List<FetchEffect> step(FetchInput input) {
    List<FetchEffect> out = new ArrayList<>();
    fetcher.step(input, new Now(now, 0), out::add);
    effects.addAll(out);
    return out;
  }

  private List<FetchEffect> tickAfter(long millis) {
    List<FetchEffect> out = new ArrayList<>();
    long until = now + millis * MS;
    while (now < until) {
      now += 100 * MS;
      fetcher.tick(new Now(now, 0), out::add);
    }
    effects.addAll(out);
    return out;
  }

  private void join(PeerId peer) {
    step(new FetchInput.Joined(peer, MS, true));
  }

  private void open() {
    step(new FetchInput.Open(1, ROOT, Set.of(), false));
  }

  private List<FetchEffect> say(PeerId peer, Cid cid, boolean have) {
    return step(new FetchInput.Presences(peer, List.of(new Presence(cid, have))));
  }

  private List<FetchEffect> arrive(PeerId peer, Cid cid) {
    step(new FetchInput.Heard(peer, MIB));
    return step(new FetchInput.Arrived(peer, Keys.of(cid), MIB, 0));
  }

  private static List<Entry> told(List<FetchEffect> effects, PeerId peer) {
    List<Entry> entries = new ArrayList<>();
    for (FetchEffect effect : effects) {
      if (effect instanceof FetchEffect.Tell tell && tell.peer().equals(peer)) {
        entries.addAll(tell.entries());
      }
    }
    return entries;
  }

  private static List<Cid> asked(List<FetchEffect> effects, PeerId peer) {
    return told(effects, peer).stream()
        .filter(e -> e.block() && !e.cancel())
        .map(Entry::cid)
        .toList();
  }

  private static boolean has(List<FetchEffect> effects, FetchEffect effect) {
    return effects.contains(effect);
  }

  /// A session with peers that have the root.
  private void begin(int blocks, PeerId... peers) {
    open();
    for (PeerId peer : peers) {
      join(peer);
      say(peer, ROOT, true);
    }
    effects.clear();
    step(new FetchInput.Want(1, cids(blocks)));
  }

  @Test
  void who_has_the_root_is_found_out_and_asked_for_the_rest() {
    join(ANN);
    List<FetchEffect> opened =
        step(new FetchInput.Open(1, ROOT, Set.of(), false));
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

  /// What a peer was asked for, and neither delivered nor was told to keep.
  private List<Cid> owed(PeerId peer) {
    List<Cid> owed = new ArrayList<>();
    for (FetchEffect effect : effects) {
      if (effect instanceof FetchEffect.Tell tell && tell.peer().equals(peer)) {
        for (Entry entry : tell.entries()) {
          owed.remove(entry.cid());
          if (entry.block() && !entry.cancel()) {
            owed.add(entry.cid());
          }
        }
      } else if (effect instanceof FetchEffect.Delivered done) {
        owed.remove(done.cid());
      }
    }
    return owed;
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
  void a_peer_that_sends_a_byte_a_second_is_let_go() {
    assertTrue(crawl(1).contains(Standing.STALLED));
    // The negative control: slow as it is, this one is kept.
    fetcher = new Fetcher(params, 1);
    effects.clear();
    assertFalse(crawl(params.intervalBytesMin() / 10 + 1).contains(Standing.STALLED));
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
  void what_a_lost_stream_may_have_carried_is_told_again() {
    begin(3, ANN);
    List<FetchEffect> again = step(new FetchInput.Reopened(ANN));
    FetchEffect.Tell tell = (FetchEffect.Tell) again.getFirst();
    assertTrue(tell.full());
    assertEquals(Set.copyOf(cids(3)), Set.copyOf(asked(again, ANN)));
  }

  @Test
  void two_sessions_share_a_block_and_one_may_leave() {
    begin(2, ANN);
    step(new FetchInput.Open(2, cid(50), Set.of(), false));
    step(new FetchInput.Want(2, cids(2)));
    assertEquals(2, owed(ANN).size());
    List<FetchEffect> closed = step(new FetchInput.Close(1));
    assertFalse(told(closed, ANN).stream().anyMatch(e -> e.block() && e.cancel() && cids(2).contains(e.cid())));
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
  void a_block_that_cannot_be_kept_fails_its_sessions() {
    begin(2, ANN);
    List<FetchEffect> broken = step(new FetchInput.Broken(cid(0), "the disk is full"));
    assertTrue(has(broken, new FetchEffect.Failed(1, "the disk is full")));
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
