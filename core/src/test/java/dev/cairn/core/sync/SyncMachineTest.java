package dev.cairn.core.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Header;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.sync.SyncEffect.Deliver;
import dev.cairn.core.sync.SyncEffect.Penalize;
import dev.cairn.core.sync.SyncEffect.Request;
import dev.cairn.machine.Now;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class SyncMachineTest {

  private static final SyncParams PARAMS =
      new SyncParams(
          4,
          1,
          32,
          64L << 20,
          Duration.ofSeconds(8),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofMillis(100));

  private final MadeChain chain = MadeChain.ofLength(20);
  private SyncMachine sync = machine(PARAMS);
  private final List<SyncEffect> effects = new ArrayList<>();
  private long millis;
  private long height;

  private SyncMachine machine(SyncParams params) {
    return new SyncMachine(0, chain.genesis(), MadeChain.SEALS, params);
  }

  /// Steps, and commits whatever is delivered as the peer does.
  private List<SyncEffect> step(SyncInput input) {
    effects.clear();
    sync.step(input, now(), effects::add);
    settle();
    return List.copyOf(effects);
  }

  private List<SyncEffect> pass(long passedMillis) {
    effects.clear();
    millis += passedMillis;
    sync.tick(now(), effects::add);
    settle();
    return List.copyOf(effects);
  }

  private void settle() {
    int done = 0;
    while (done < effects.size() || sync.deadlineNanos() <= now().nanos()) {
      if (done == effects.size()) {
        int before = effects.size();
        sync.tick(now(), effects::add);
        if (effects.size() == before) {
          return;
        }
      } else if (effects.get(done++) instanceof Deliver(BlockMessage message)) {
        assertEquals(height + 1, message.block().height());
        height++;
        sync.step(new SyncInput.Advanced(height, message.block().id()), now(), effects::add);
      }
    }
  }

  private Now now() {
    return new Now(millis * 1_000_000, millis);
  }

  private static List<Request> requests(List<SyncEffect> effects) {
    return effects.stream().filter(Request.class::isInstance).map(Request.class::cast).toList();
  }

  private static List<String> penalized(List<SyncEffect> effects) {
    return effects.stream()
        .filter(Penalize.class::isInstance)
        .map(e -> ((Penalize) e).peer())
        .toList();
  }

  private SyncInput answer(Request request) {
    return new SyncInput.Blocks(request.requestId(), request.peer(), chain.range(request.range()));
  }

  /// Lets every peer but those named answer until nothing more is asked.
  private void answerAllBut(List<Request> open, String... silent) {
    List<Request> todo = new ArrayList<>(open);
    while (!todo.isEmpty()) {
      Request request = todo.removeFirst();
      if (!List.of(silent).contains(request.peer())) {
        todo.addAll(requests(step(answer(request))));
      }
    }
  }

  /// Good seals that can be verified ten blocks ahead.
  private static final SealVerifier NEAR =
      new SealVerifier() {
        @Override
        public Verdict verify(Header header, Bytes certificate) {
          return MadeChain.SEALS.verify(header, certificate);
        }

        @Override
        public long horizon(long finalHeight) {
          return finalHeight / 10 * 10 + 10;
        }

        @Override
        public Address feeReceiver(Header header) {
          return MadeChain.SEALS.feeReceiver(header);
        }
      };

  @Test
  void asks_no_further_than_it_can_verify() {
    sync = new SyncMachine(0, chain.genesis(), NEAR, PARAMS);
    List<Request> open = new ArrayList<>(requests(step(new SyncInput.PeerHeight("a", 20))));
    open.addAll(requests(step(new SyncInput.PeerHeight("b", 20))));
    while (!open.isEmpty()) {
      List<Request> more = requests(step(answer(open.removeFirst())));
      for (Request request : more) {
        assertTrue(request.range().last() <= height / 10 * 10 + 10, request + " at " + height);
      }
      open.addAll(more);
    }
    assertEquals(20, height);
  }

  @Test
  void a_transcript_of_a_short_sync() {
    assertEquals(
        List.of(new Request(1, "a", new RangeRequest(1, 4))),
        step(new SyncInput.PeerHeight("a", 20)));
    assertFalse(sync.syncing(), "not before gossip had its chance");
    assertEquals(
        List.of(new Request(2, "b", new RangeRequest(5, 4))),
        step(new SyncInput.PeerHeight("b", 20)));
    // The second range waits for the first, and its sender is given the third.
    assertEquals(
        List.of(new Request(3, "b", new RangeRequest(9, 4))),
        step(answer(new Request(2, "b", new RangeRequest(5, 4)))));
    List<SyncEffect> then = step(answer(new Request(1, "a", new RangeRequest(1, 4))));
    assertEquals(new Deliver(chain.at(1)), then.getFirst());
    assertEquals(8, then.stream().filter(Deliver.class::isInstance).count());
    assertEquals(List.of(new Request(4, "a", new RangeRequest(13, 4))), requests(then));
    assertEquals(8, height);
  }

  @Test
  void asks_every_peer_that_has_the_blocks_and_no_other() {
    step(new SyncInput.PeerHeight("low", 3));
    List<Request> open = new ArrayList<>();
    for (String peer : List.of("a", "b", "c")) {
      open.addAll(requests(step(new SyncInput.PeerHeight(peer, 20))));
    }
    // "low" is asked for what it has only when it is the first; here the gap was left to gossip.
    assertEquals(List.of("low", "a", "b"), askedUpTo(open, 3));
    answerAllBut(open);
    assertEquals(20, height);
    assertFalse(sync.syncing());
    assertEquals(Long.MAX_VALUE, sync.deadlineNanos(), "nothing more is to be done");
  }

  private static List<String> askedUpTo(List<Request> requests, int count) {
    return requests.stream().map(Request::peer).distinct().limit(count).toList();
  }

  @Test
  void a_small_gap_is_left_to_gossip_first() {
    assertEquals(List.of(), step(new SyncInput.PeerHeight("a", 2)));
    step(new SyncInput.Gossiped("b", chain.at(1)));
    assertEquals(1, height);
    step(new SyncInput.Gossiped("b", chain.at(2)));
    assertEquals(2, height);
    assertEquals(List.of(), pass(1_000));
    step(new SyncInput.PeerHeight("a", 4));
    assertEquals(List.of(new Request(1, "a", new RangeRequest(3, 2))), pass(100));
    assertTrue(sync.syncing());
  }

  @Test
  void gossiped_blocks_wait_for_the_gap_below_them() {
    step(new SyncInput.Gossiped("b", chain.at(4)));
    step(new SyncInput.Gossiped("b", chain.at(3)));
    assertEquals(0, height);
    assertTrue(sync.has(3));
    step(new SyncInput.PeerHeight("a", 4));
    List<Request> asked = requests(pass(100));
    assertEquals(List.of(new Request(1, "a", new RangeRequest(1, 2))), asked);
    step(answer(asked.getFirst()));
    assertEquals(4, height);
  }

  @Test
  void a_liar_costs_its_share_only() {
    List<Request> liar = requests(step(new SyncInput.PeerHeight("liar", 20)));
    List<Request> honest = requests(step(new SyncInput.PeerHeight("honest", 20)));
    BlockMessage good = chain.at(4);
    BlockMessage forged = new BlockMessage(good.block(), MadeChain.certificate(chain.genesis()));
    List<BlockMessage> lie = List.of(chain.at(1), chain.at(2), chain.at(3), forged);
    List<SyncEffect> then = step(new SyncInput.Blocks(liar.getFirst().requestId(), "liar", lie));
    assertEquals(List.of("liar"), penalized(then));
    assertEquals(List.of(), requests(then), "the honest one is busy and the liar is not asked");
    assertEquals(0, height, "nothing of a lie is taken");
    answerAllBut(honest);
    assertEquals(20, height);
  }

  @Test
  void every_kind_of_bad_answer_is_seen() {
    BlockMessage first = chain.at(1);
    BlockMessage bare = new BlockMessage(chain.at(2).block(), Bytes.EMPTY);
    MadeChain other = new MadeChain(chain.chain());
    other.add(List.of(chain.chain().transfer(0, 0, 1, 5)));
    List<List<BlockMessage>> bad =
        List.of(
            List.of(),
            List.of(chain.at(2)),
            List.of(first, chain.at(3)),
            List.of(first, bare),
            List.of(other.at(1), chain.at(2)),
            chain.range(new RangeRequest(1, 5)));
    for (List<BlockMessage> answer : bad) {
      sync = machine(PARAMS);
      height = 0;
      Request asked = requests(step(new SyncInput.PeerHeight("a", 20))).getFirst();
      assertEquals(
          List.of("a"), penalized(step(new SyncInput.Blocks(asked.requestId(), "a", answer))));
      assertEquals(0, height);
    }
    // The control: what an honest peer sends passes, with a certificate on the last block alone
    // too.
    for (List<BlockMessage> answer :
        List.of(
            chain.range(new RangeRequest(1, 4)),
            List.of(new BlockMessage(first.block(), Bytes.EMPTY), chain.at(2)))) {
      sync = machine(PARAMS);
      height = 0;
      Request asked = requests(step(new SyncInput.PeerHeight("a", 20))).getFirst();
      step(new SyncInput.Blocks(asked.requestId(), "a", answer));
      assertEquals(answer.size(), height);
    }
  }

  @Test
  void a_stalling_peer_loses_its_range_to_another() {
    List<Request> slow = requests(step(new SyncInput.PeerHeight("slow", 20)));
    assertEquals(1, slow.getFirst().range().from());
    List<Request> fast = requests(step(new SyncInput.PeerHeight("fast", 20)));
    answerAllBut(fast);
    assertEquals(0, height, "all but the first range is here");
    // First the idle peer is asked as well ...
    List<Request> hedge = requests(pass(2_000));
    assertEquals(List.of(new RangeRequest(1, 4)), hedge.stream().map(Request::range).toList());
    assertEquals("fast", hedge.getFirst().peer());
    step(answer(hedge.getFirst()));
    assertEquals(20, height);
    // ... and what comes too late changes nothing.
    assertEquals(List.of("slow"), penalized(pass(6_000)));
    assertEquals(List.of(), step(answer(slow.getFirst())));
  }

  @Test
  void a_peer_that_fails_is_asked_again_later_and_later() {
    Request asked = requests(step(new SyncInput.PeerHeight("a", 20))).getFirst();
    for (long wait : new long[] {1_000, 2_000, 4_000}) {
      step(new SyncInput.Failed(asked.requestId(), "a", "reset", false));
      assertEquals(List.of(), requests(pass(wait - 1)));
      asked = requests(pass(1)).getFirst();
    }
    answerAllBut(List.of(asked));
    assertEquals(20, height);
  }

  @Test
  void a_peer_that_withholds_what_it_claims_does_not_keep_the_node_syncing() {
    step(new SyncInput.PeerHeight("a", 20));
    Request asked = requests(step(new SyncInput.PeerHeight("boaster", 1_000_000))).getFirst();
    assertTrue(sync.target() == 1_000_000);
    List<SyncEffect> then = step(new SyncInput.Blocks(asked.requestId(), "boaster", List.of()));
    assertEquals(List.of("boaster"), penalized(then));
    assertEquals(20, sync.target());
  }

  @Test
  void a_peer_that_goes_frees_its_range() {
    step(new SyncInput.PeerHeight("a", 20));
    step(new SyncInput.PeerGone("a"));
    assertEquals(0, sync.target());
    Request asked = requests(step(new SyncInput.PeerHeight("b", 20))).getFirst();
    assertEquals(1, asked.range().from());
  }

  @Test
  void the_window_and_the_buffer_bound_what_is_asked_for() {
    SyncParams roomy = params(8, 64L << 20);
    sync = machine(roomy);
    List<Request> open = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      open.addAll(requests(step(new SyncInput.PeerHeight("peer" + i, 20))));
    }
    assertEquals(2, open.size(), "two ranges of four fill a window of eight");
    // The control: with a larger window all five are busy.
    sync = machine(params(32, 64L << 20));
    open.clear();
    for (int i = 0; i < 5; i++) {
      open.addAll(requests(step(new SyncInput.PeerHeight("peer" + i, 20))));
    }
    assertEquals(5, open.size());
    // And with room for two answers only, there are two.
    sync = machine(params(32, 2L * RangeServer.ANSWER_BYTES_MAX));
    open.clear();
    for (int i = 0; i < 5; i++) {
      open.addAll(requests(step(new SyncInput.PeerHeight("peer" + i, 20))));
    }
    assertEquals(2, open.size());
  }

  private static SyncParams params(int windowBlocks, long bufferBytes) {
    return new SyncParams(
        4,
        1,
        windowBlocks,
        bufferBytes,
        PARAMS.requestTimeout(),
        PARAMS.hedgeAfter(),
        PARAMS.backoffMin(),
        PARAMS.backoffMax(),
        PARAMS.gapGrace());
  }

  @Test
  void goes_on_from_where_the_store_is() {
    sync = new SyncMachine(15, chain.at(15).block().id(), MadeChain.SEALS, PARAMS);
    height = 15;
    step(new SyncInput.PeerHeight("a", 20));
    List<Request> asked = requests(pass(100));
    assertEquals(16, asked.getFirst().range().from());
    answerAllBut(asked);
    assertEquals(20, height);
  }

  @Test
  void a_block_of_another_certified_chain_is_dropped() {
    MadeChain other = new MadeChain(chain.chain());
    other.add(List.of(chain.chain().transfer(0, 0, 1, 5)));
    other.add(List.of());
    step(new SyncInput.Gossiped("a", chain.at(1)));
    assertEquals(List.of("b"), penalized(step(new SyncInput.Gossiped("b", other.at(2)))));
    step(new SyncInput.Gossiped("a", chain.at(2)));
    assertEquals(2, height);
  }
}
