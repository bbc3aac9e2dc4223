package dev.cairn.core.consensus.pow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Target;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Header;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.HeadersRequest;
import dev.cairn.core.sync.RangeRequest;
import dev.cairn.core.sync.SyncEffect;
import dev.cairn.core.sync.SyncInput;
import dev.cairn.core.sync.SyncMachine;
import dev.cairn.core.sync.SyncParams;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// A node that is far behind a proof-of-work chain: which branch it takes, from whom, and what a
/// liar comes to. The peers answer at once, unless a test says otherwise.
class PowSyncTest {

  private static final int DEPTH = 3;
  private static final int GAP = 64 + DEPTH;

  private final PowChain chain = new PowChain(DEPTH);
  private final Map<String, List<Block>> peers = new LinkedHashMap<>();
  private final List<SyncEffect> seen = new ArrayList<>();
  private final Map<String, Integer> answers = new HashMap<>();
  private final TreeSet<String> silent = new TreeSet<>();
  private final List<Block> finals = new ArrayList<>();
  private SyncMachine sync =
      new SyncMachine(0, chain.genesis().id(), seals(), SyncParams.standard());
  private long millis = 4_000_000;
  private long height;
  private Block refused = chain.genesis();

  private PowSeals seals() {
    return new PowSeals(
        chain.rules(), h -> h == 0 ? PowChain.GENESIS : finals.get((int) h - 1).header().time());
  }

  private List<Block> branch(String name, int length, long interval) {
    return extend(new ArrayList<>(), name, length, interval);
  }

  private List<Block> extend(List<Block> from, String name, int length, long interval) {
    List<Block> blocks = new ArrayList<>(from);
    while (blocks.size() < length) {
      Block parent = blocks.isEmpty() ? chain.genesis() : blocks.getLast();
      blocks.add(chain.block(parent, name, interval));
    }
    return blocks;
  }

  private Now now() {
    return new Now(millis * 1_000_000, PowChain.GENESIS + millis);
  }

  private void join(String peer, List<Block> blocks) {
    peers.put(peer, blocks);
    step(new SyncInput.PeerHeight(peer, blocks.size()));
  }

  private void step(SyncInput input) {
    List<SyncEffect> effects = new ArrayList<>();
    sync.step(input, now(), effects::add);
    perform(effects);
  }

  private void pass(long passed) {
    for (long end = millis + passed; millis < end; millis = Math.min(end, millis + 50)) {
      boolean busy = true;
      while (busy) {
        List<SyncEffect> effects = new ArrayList<>();
        sync.tick(now(), effects::add);
        perform(effects);
        busy = !effects.isEmpty();
      }
    }
  }

  private void perform(List<SyncEffect> effects) {
    for (SyncEffect effect : effects) {
      seen.add(effect);
      switch (effect) {
        case SyncEffect.RequestHeaders(long id, String peer, HeadersRequest asked) -> {
          if (!silent.contains(peer)) {
            List<Header> headers =
                part(peer, asked.from(), asked.count()).stream().map(Block::header).toList();
            step(new SyncInput.Headers(id, peer, headers));
          }
        }
        case SyncEffect.Request(long id, String peer, RangeRequest asked) -> {
          answers.merge(peer, 1, Integer::sum);
          List<BlockMessage> blocks =
              part(peer, asked.from(), asked.count()).stream()
                  .map(b -> new BlockMessage(b, Bytes.EMPTY))
                  .toList();
          step(new SyncInput.Blocks(id, peer, blocks));
        }
        case SyncEffect.Deliver(BlockMessage message) -> {
          Block block = message.block();
          if (block.equals(refused)) {
            step(new SyncInput.Refused(block.id(), true, "no such money"));
          } else {
            assertEquals(++height, block.height());
            finals.add(block);
            step(new SyncInput.Advanced(height, block.id()));
          }
        }
        case SyncEffect.Penalize _ -> {}
      }
    }
  }

  private List<Block> part(String peer, long from, int count) {
    List<Block> blocks = peers.getOrDefault(peer, List.of());
    int end = (int) Math.min(blocks.size(), from - 1 + count);
    return from > end ? List.of() : blocks.subList((int) from - 1, end);
  }

  private List<String> blamed() {
    return seen.stream()
        .filter(SyncEffect.Penalize.class::isInstance)
        .map(e -> ((SyncEffect.Penalize) e).peer())
        .distinct()
        .toList();
  }

  private List<HeadersRequest> headersOf(String peer) {
    return seen.stream()
        .filter(e -> e instanceof SyncEffect.RequestHeaders r && r.peer().equals(peer))
        .map(e -> ((SyncEffect.RequestHeaders) e).headers())
        .toList();
  }

  private boolean delivered(Block block) {
    return seen.contains(new SyncEffect.Deliver(new BlockMessage(block, Bytes.EMPTY)));
  }

  @Test
  void final_is_what_the_headers_confirm_whatever_the_peers_say() {
    List<Block> blocks = branch("a", 200, 1_000);
    join("a", blocks);
    assertEquals(List.of(new HeadersRequest(1, 200)), headersOf("a"));
    assertTrue(answers.isEmpty(), "no block before the headers are known");
    pass(3_000);
    assertEquals(200 - DEPTH + 1, height);
    assertTrue(delivered(blocks.get(197)) && !delivered(blocks.get(198)));
    assertEquals(List.of(), blamed());
    assertFalse(sync.syncing());
  }

  @Test
  void one_header_shows_that_a_peer_is_on_the_same_branch_and_all_serve_it() {
    List<Block> blocks = branch("a", 600, 1_000);
    for (String peer : List.of("a", "b", "c")) {
      join(peer, blocks);
    }
    pass(4_000);
    assertEquals(List.of(new HeadersRequest(1, 512), new HeadersRequest(513, 88)), headersOf("a"));
    assertEquals(List.of(new HeadersRequest(600, 1)), headersOf("c"));
    assertEquals(598, height);
    assertEquals(3, answers.size(), "ranges came from all: " + answers);
  }

  @Test
  void a_gap_that_the_engine_can_close_is_left_to_it() {
    join("a", branch("a", GAP, 1_000));
    pass(10_000);
    assertEquals(List.of(), seen);
    join("a", branch("a", GAP + 1, 1_000));
    assertEquals(1, headersOf("a").size());
  }

  @Test
  void the_branch_with_the_most_work_wins_and_not_the_longest_or_the_first() {
    List<Block> cheap = branch("cheap", 300, 9_000);
    List<Block> good = branch("good", 200, 1_000);
    join("liar", cheap);
    pass(500);
    join("honest", good);
    pass(3_000);
    assertTrue(delivered(good.getFirst()) && !delivered(cheap.getFirst()));
    assertEquals(198, height);
  }

  @Test
  void a_header_against_the_rules_costs_its_sender_and_nobody_else() {
    List<Block> good = branch("good", 200, 1_000);
    List<Block> unworked = new ArrayList<>(good);
    unworked.set(150, PowSamples.unworked(chain.spec(), good.get(150)));
    List<Block> unlinked = new ArrayList<>(good);
    unlinked.set(150, chain.block(good.get(148), "other", 1_000));
    List<Block> easy = new ArrayList<>(good.subList(0, 150));
    easy.add(
        chain.block(
            good.get(149), "easy", good.get(149).header().time() + 1_000, Target.ofDifficulty(2)));
    easy = extend(easy, "easy", 200, 1_000);
    join("unworked", unworked);
    join("unlinked", unlinked);
    join("easy", easy);
    join("honest", good);
    pass(5_000);
    assertEquals(List.of("unworked", "unlinked", "easy"), blamed());
    assertEquals(198, height);
  }

  @Test
  void who_shows_fewer_headers_than_it_claims_is_not_believed() {
    peers.put("boaster", branch("a", 80, 1_000));
    step(new SyncInput.PeerHeight("boaster", 5_000));
    assertEquals(List.of("boaster"), blamed());
    pass(5_000);
    assertFalse(sync.believes("boaster", now().nanos()));
    assertEquals(0, height);
    join("honest", branch("a", 200, 1_000));
    pass(3_000);
    assertEquals(198, height);
  }

  @Test
  void who_does_not_answer_is_waited_for_only_so_long() {
    silent.add("silent");
    List<Block> blocks = branch("a", 200, 1_000);
    join("silent", blocks);
    join("honest", blocks);
    pass(3_500);
    assertTrue(height > 0, "goes on without it");
    pass(10_000);
    assertEquals(List.of("silent"), blamed());
  }

  @Test
  void another_block_than_the_branch_has_is_fetched_from_another_peer() {
    List<Block> good = branch("good", 200, 1_000);
    join("honest", good);
    join("swindler", good);
    pass(1_000);
    List<Block> changed = new ArrayList<>(good);
    changed.set(100, chain.block(good.get(99), "other", 1_000));
    peers.put("swindler", changed);
    pass(5_000);
    assertEquals(List.of("swindler"), blamed());
    assertEquals(198, height);
  }

  @Test
  void a_block_that_cannot_be_executed_condemns_its_branch() {
    List<Block> good = branch("good", 200, 1_000);
    List<Block> bad = extend(good.subList(0, 20), "bad", 260, 1_000);
    refused = bad.get(20);
    join("honest", good);
    join("liar", bad);
    pass(3_000);
    assertTrue(delivered(refused));
    assertEquals(List.of("liar"), blamed());
    pass(70_000);
    assertEquals(198, height);
  }

  @Test
  void a_header_whose_time_has_not_come_is_nobodys_fault() {
    List<Block> blocks = branch("a", 200, 1_000);
    millis = 100_000;
    join("a", blocks);
    pass(3_000);
    assertEquals(List.of(), blamed());
    assertEquals(0, height);
    millis = 300_000;
    pass(4_000);
    assertEquals(198, height);
  }

  @Test
  void a_sync_goes_on_from_the_final_block_of_the_store() {
    List<Block> blocks = branch("a", 200, 1_000);
    height = 100;
    finals.addAll(blocks.subList(0, 100));
    sync = new SyncMachine(100, finals.getLast().id(), seals(), SyncParams.standard());
    join("a", blocks);
    pass(3_000);
    assertEquals(List.of(new HeadersRequest(101, 100)), headersOf("a"));
    assertEquals(198, height);
  }
}
