package dev.cairn.core.consensus.pow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Target;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Origin;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// Transcripts of one engine: what comes in, and all that it asks for, in order.
class PowEngineTest {

  private final PowChain chain = new PowChain(3);
  private final Map<Cid, String> names = new LinkedHashMap<>();
  private final List<VoteRecord> log = new ArrayList<>();
  private PowEngine engine = PowEngine.observer(chain.rules(), h -> PowChain.GENESIS);
  private long millis = 60_000;
  private Verdict nextCheck = Verdict.accept();

  private List<String> step(EngineInput input) {
    List<EngineEffect> effects = new ArrayList<>();
    engine.step(input, now(), effects::add);
    return lines(effects);
  }

  private List<String> pass(long passed) {
    millis += passed;
    List<EngineEffect> effects = new ArrayList<>();
    engine.tick(now(), effects::add);
    return lines(effects);
  }

  /// As the peer machine does: a check is answered before anything else happens.
  private List<String> lines(List<EngineEffect> effects) {
    List<String> lines = new ArrayList<>();
    for (EngineEffect effect : effects) {
      lines.add(line(effect));
      if (effect instanceof EngineEffect.Persist(VoteRecord entry)) {
        log.add(entry);
      }
      if (effect instanceof EngineEffect.Check(Block block, var _)) {
        lines.addAll(step(new EngineInput.Checked(block.id(), nextCheck)));
      }
    }
    return lines;
  }

  private Now now() {
    return new Now(millis * 1_000_000, PowChain.GENESIS + millis);
  }

  private String line(EngineEffect effect) {
    return switch (effect) {
      case EngineEffect.Check c -> "check " + name(c.block().id());
      case EngineEffect.Persist p -> "persist " + p.entry().slot();
      case EngineEffect.BroadcastBlock b -> "send " + name(b.block().id());
      case EngineEffect.Judged j ->
          switch (j.verdict()) {
            case Verdict.Accept _ -> "accept";
            case Verdict.Ignore(String reason) -> "ignore: " + reason;
            case Verdict.Reject(String reason) -> "reject: " + reason;
          };
      case EngineEffect.Head h -> "head " + name(h.block());
      case EngineEffect.Finalized f -> "final " + name(f.block());
      case EngineEffect.RequestBlock r -> "request " + name(r.block()) + " of '" + r.peer() + "'";
      case EngineEffect.Template t -> "template on " + name(t.parent());
      case EngineEffect.Mine m -> "mine";
      case EngineEffect.Prune p -> "prune " + p.slot();
      default -> effect.toString();
    };
  }

  private String name(Cid id) {
    return names.getOrDefault(id, id.equals(chain.genesis().id()) ? "genesis" : "?");
  }

  private Block named(String name, Block block) {
    names.put(block.id(), name);
    return block;
  }

  private Block block(Block parent, String name, long interval) {
    return named(name, chain.block(parent, name, interval));
  }

  private void start() {
    assertEquals(
        List.of("head genesis"), step(new EngineInput.Started(chain.tip(), List.copyOf(log))));
  }

  private List<String> receive(Block block) {
    return step(new EngineInput.BlockReceived(block, Bytes.EMPTY, new Origin("peer", 1)));
  }

  @Test
  void follows_the_chain_and_calls_final_what_is_deep_enough() {
    start();
    Block a = block(chain.genesis(), "a", 1_000);
    Block b = block(a, "b", 1_000);
    Block c = block(b, "c", 1_000);
    assertEquals(List.of("accept", "check a", "persist 1", "head a"), receive(a));
    assertEquals(List.of("accept", "check b", "persist 2", "head b"), receive(b));
    assertEquals(List.of("accept", "check c", "persist 3", "head c", "final a"), receive(c));
    assertEquals(List.of("ignore: known already"), receive(c));
    assertEquals(List.of("ignore: of a height that is final"), receive(a));
  }

  @Test
  void an_equal_branch_waits_until_it_has_more_work_and_is_not_executed_before() {
    start();
    Block a = block(chain.genesis(), "a", 1_000);
    Block x = block(chain.genesis(), "x", 1_000);
    Block y = block(x, "y", 1_000);
    receive(a);
    assertEquals(List.of("accept"), receive(x));
    assertEquals(
        List.of("accept", "check x", "persist 1", "check y", "persist 2", "head y"), receive(y));
  }

  @Test
  void more_work_wins_over_more_blocks() {
    start();
    // Slow blocks are easy ones: after two of them the third needs half as many hashes.
    Block a = block(chain.genesis(), "a", 20_000);
    Block b = block(a, "b", 10_000);
    Block x = block(chain.genesis(), "x", 1);
    Block y = block(x, "y", 1);
    receive(a);
    receive(b);
    assertTrue(chain.targetAfter(x).work().compareTo(chain.targetAfter(a).work()) > 0);
    receive(x);
    assertEquals(
        List.of("accept", "check x", "persist 1", "check y", "persist 2", "head y"), receive(y));
  }

  @Test
  void never_goes_below_the_final_block() {
    start();
    Block at = chain.genesis();
    for (String name : List.of("a", "b", "c")) {
      at = block(at, name, 1_000);
      receive(at);
    }
    Block x = block(chain.genesis(), "x", 1);
    assertEquals(List.of("ignore: of a height that is final"), receive(x));
    Block y = block(x, "y", 1);
    assertEquals(List.of("ignore: of a branch that lost"), receive(y));
  }

  @Test
  void fetches_the_ancestors_of_an_orphan_and_passes_the_head_on() {
    start();
    Block a = block(chain.genesis(), "a", 1_000);
    Block b = block(a, "b", 1_000);
    assertEquals(List.of("ignore: its parent is not here", "request a of 'peer'"), receive(b));
    assertEquals(List.of("request a of ''"), pass(400));
    assertEquals(
        List.of("accept", "check a", "persist 1", "check b", "persist 2", "head b", "send b"),
        receive(a));
  }

  @Test
  void asks_a_peer_for_the_head_that_it_claims() {
    start();
    Block a = block(chain.genesis(), "a", 1_000);
    assertEquals(List.of("request a of 'p'"), step(new EngineInput.PeerSaid("p", 1, a.id(), 0)));
    assertEquals(List.of("accept", "check a", "persist 1", "head a", "send a"), receive(a));
    assertEquals(List.of(), step(new EngineInput.PeerSaid("p", 1, a.id(), 0)));
  }

  @Test
  void what_is_too_far_ahead_is_taken_up_when_its_time_comes() {
    start();
    long ahead = chain.rules().aheadMillis();
    Block late = block(chain.genesis(), "late", millis + ahead + 1_000);
    assertEquals(List.of("ignore: its time is too far ahead"), receive(late));
    assertEquals(List.of(), pass(999));
    assertEquals(List.of("check late", "persist 1", "head late", "send late"), pass(1));
    Block just = block(late, "just", 1_000);
    millis += 1_000;
    assertEquals(List.of("accept", "check just", "persist 2", "head just"), receive(just));
  }

  @Test
  void a_time_is_above_the_median_of_eleven() {
    PowChain deep = new PowChain(100);
    engine = PowEngine.observer(deep.rules(), h -> PowChain.GENESIS);
    step(new EngineInput.Started(deep.tip(), List.of()));
    Block at = deep.genesis();
    List<Block> blocks = new ArrayList<>(List.of(at));
    for (int i = 1; i <= 12; i++) {
      at = deep.block(at, "b" + i, 1_000);
      blocks.add(at);
      assertEquals("accept", receive(at).getFirst());
    }
    // Of the blocks 2 to 12 the median is that of block 7.
    long median = blocks.get(7).header().time();
    Block bad = deep.block(at, "bad", median, deep.targetAfter(at));
    assertEquals(
        "reject: its time is not above the median of the blocks before it",
        receive(bad).getFirst());
    assertEquals(
        "accept", receive(deep.block(at, "good", median + 1, deep.targetAfter(at))).getFirst());
  }

  @Test
  void rejects_what_no_honest_node_sends() {
    start();
    Block genesis = chain.genesis();
    long time = PowChain.GENESIS + 1_000;
    Target right = chain.targetAfter(genesis);
    Target harder = Target.ofDifficulty(17);
    Block unworked = chain.template(genesis, "u", time, right);
    Block unsolved = PowRules.solve(unworked, 0);
    for (long nonce = 1; chain.rules().fault(unsolved.header()).isEmpty(); nonce++) {
      unsolved = PowRules.solve(unworked, nonce);
    }
    Map<String, Block> wrong = new LinkedHashMap<>();
    wrong.put("its seal is not a nonce", unworked);
    wrong.put("its nonce does not meet its target", unsolved);
    wrong.put(
        "its target is not " + right + ", which follows from its parent",
        chain.block(genesis, "h", time, harder));
    wrong.forEach((why, block) -> assertEquals(List.of("reject: " + why), receive(block)));
    assertEquals(
        List.of("reject: proof of work puts nothing beside a block"),
        step(
            new EngineInput.BlockReceived(
                block(genesis, "s", 1_000), Bytes.of(0x80), new Origin("p", 1))));
    assertEquals(
        "reject: proof of work has no messages of its own",
        step(new EngineInput.MessageReceived(Bytes.of(0x80), new Origin("p", 1))).getFirst());
  }

  @Test
  void an_invalid_block_loses_its_branch_and_nobody_builds_on_it() {
    start();
    Block a = block(chain.genesis(), "a", 1_000);
    Block x = block(chain.genesis(), "x", 1);
    Block y = block(x, "y", 1);
    Block z = block(y, "z", 1);
    receive(a);
    receive(x);
    nextCheck = Verdict.reject("no money");
    assertEquals(List.of("accept", "check x"), receive(y));
    nextCheck = Verdict.accept();
    assertEquals(List.of("ignore: its parent is not here", "request y of 'peer'"), receive(z));
    Block b = block(a, "b", 1_000);
    assertTrue(receive(b).contains("head b"));
  }

  @Test
  void what_is_not_final_is_there_again_after_a_restart() {
    start();
    Block a = block(chain.genesis(), "a", 1_000);
    Block b = block(a, "b", 1_000);
    receive(a);
    receive(b);
    engine = PowEngine.observer(chain.rules(), h -> PowChain.GENESIS);
    List<String> lines = step(new EngineInput.Started(chain.tip(), List.copyOf(log)));
    assertEquals("head genesis", lines.getFirst());
    assertTrue(lines.contains("head b"), lines.toString());
    assertEquals(b, engine.block(b.id()).orElseThrow());
  }

  @Test
  void mines_upon_no_old_head_before_it_had_time_to_hear_of_a_better_one() {
    millis = 600_000;
    engine = PowEngine.miner(chain.rules(), h -> PowChain.GENESIS, PowChain.miner("me"));
    start();
    assertEquals(List.of(), pass(3_000));
    Cid far = chain.block(chain.genesis(), "far", 1_000).id();
    step(new EngineInput.PeerSaid("peer", 500, far, 498));
    assertEquals(List.of(), pass(3_000), "a peer claims to be far ahead");
    assertEquals(List.of("template on genesis"), pass(2_000), "and has not said so again");
  }

  @Test
  void no_claim_keeps_a_node_with_a_young_head_from_mining() {
    millis = 20_000;
    engine = PowEngine.miner(chain.rules(), h -> PowChain.GENESIS, PowChain.miner("me"));
    step(new EngineInput.Started(chain.tip(), List.of()));
    Cid far = chain.block(chain.genesis(), "far", 1_000).id();
    step(new EngineInput.PeerSaid("peer", 500, far, 498));
    assertEquals(List.of("template on genesis"), pass(200));
  }

  @Test
  void mines_upon_the_head_and_takes_new_transactions_from_time_to_time() {
    millis = 20_000;
    engine = PowEngine.miner(chain.rules(), h -> PowChain.GENESIS, PowChain.miner("me"));
    assertEquals(
        List.of("head genesis", "template on genesis"),
        step(new EngineInput.Started(chain.tip(), List.of())));
    Block template =
        chain.template(
            chain.genesis(), "me", PowChain.GENESIS + millis, chain.targetAfter(chain.genesis()));
    assertEquals(List.of("mine"), step(new EngineInput.Built(1, template)));
    assertEquals(List.of(), pass(10));
    assertEquals(List.of("template on genesis"), pass(115));
    Block solved = named("mine", chain.mine(template));
    long nonce = solved.header().seal().orElseThrow().getLong(0);
    long wrong = nonce + 1;
    while (chain.rules().puzzle(template.header()).solvedBy(wrong)) {
      wrong++;
    }
    assertEquals(List.of(), step(new EngineInput.Mined(1, wrong)));
    assertEquals(
        List.of("check mine", "persist 1", "head mine", "send mine", "template on mine"),
        step(new EngineInput.Mined(1, nonce)));
    assertEquals(List.of(), step(new EngineInput.Mined(1, nonce)));
  }

  @Test
  void an_observer_has_no_deadline_when_nothing_is_open() {
    start();
    receive(block(chain.genesis(), "a", 1_000));
    assertEquals(Long.MAX_VALUE, engine.deadlineNanos());
  }

  @Test
  void orphans_are_bounded_for_each_peer() {
    Parked parked = new Parked();
    List<Block> orphans = new ArrayList<>();
    for (int i = 0; i < Parked.PEER_BLOCKS_MAX + 10; i++) {
      Block parent = chain.template(chain.genesis(), "p" + i, PowChain.GENESIS + 1, Target.EASIEST);
      Block orphan = chain.template(parent, "o" + i, PowChain.GENESIS + 2, Target.EASIEST);
      orphans.add(orphan);
      parked.add(orphan, "liar", 0);
    }
    parked.add(chain.template(orphans.getFirst(), "x", 9, Target.EASIEST), "other", 0);
    assertEquals(Parked.PEER_BLOCKS_MAX + 1, parked.size());
    assertTrue(parked.holds(orphans.getLast().id()));
    assertEquals(false, parked.holds(orphans.getFirst().id()));
    assertInstanceOf(List.class, parked.missing());
  }
}
