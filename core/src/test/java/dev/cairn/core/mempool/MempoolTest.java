package dev.cairn.core.mempool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.TestChain;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Body;
import dev.cairn.core.ledger.TransactionRules;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateView;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.machine.Now;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class MempoolTest {

  private static final Now NOW = new Now(0, TestChain.GENESIS_TIME + 1000);
  private static final long TIME = NOW.wallMillis();
  private static final int ALL = 1 << 20;

  private final TestChain chain = new TestChain(6);
  private final FakeState state = new FakeState();

  private final class FakeState implements StateView {
    final Map<StateKey, Bytes> values = new HashMap<>();

    FakeState() {
      for (int i = 0; i < 6; i++) {
        account(i, TestChain.FUNDS, 0);
      }
    }

    void account(int index, long balance, long nonce) {
      values.put(StateKey.account(chain.address(index)), new Account(balance, nonce).encode());
    }

    @Override
    public Optional<Bytes> get(StateKey key) {
      return Optional.ofNullable(values.get(key));
    }
  }

  private Mempool mempool(MempoolParams params) {
    return new Mempool(params, new TransactionRules(chain.spec()));
  }

  private Mempool mempool() {
    return mempool(MempoolParams.defaults());
  }

  private static MempoolParams limits(int all, long bytes, int sender, int ahead, int percent) {
    return new MempoolParams(all, bytes, sender, ahead, percent);
  }

  private Transaction paying(int from, long nonce, long fee) {
    return chain.sign(from, nonce, fee, new Transfer(chain.address(5), 1));
  }

  private void accepts(Mempool mempool, Transaction transaction) {
    assertEquals(Verdict.accept(), mempool.add(transaction, state, NOW));
  }

  private String ignores(Mempool mempool, Transaction transaction) {
    Verdict verdict = mempool.add(transaction, state, NOW);
    return assertInstanceOf(Verdict.Ignore.class, verdict).reason();
  }

  @Test
  void what_waits_does_not_keep_the_block_that_it_came_back_from() {
    Transaction sent = chain.transfer(0, 0, 1, 5);
    byte[] body = Body.of(List.of(sent, chain.transfer(1, 0, 1, 5))).encoded().toArray();
    Mempool mempool = mempool();
    mempool.readmit(Body.decode(body).transactions(), state, NOW);
    Arrays.fill(body, (byte) 0);
    List<Transaction> selected = mempool.select(state, TIME, ALL);
    assertEquals(2, selected.size());
    int index = selected.indexOf(sent);
    assertEquals(sent.encoded(), selected.get(index).encoded());
  }

  @Test
  void selects_by_fee_and_in_the_order_of_nonces() {
    Mempool mempool = mempool();
    Transaction a0 = paying(0, 0, 1000);
    Transaction a1 = paying(0, 1, 9000);
    Transaction b0 = paying(1, 0, 5000);
    Transaction b1 = paying(1, 1, 500);
    Transaction c0 = paying(2, 0, 3000);
    for (Transaction t : List.of(a1, b1, c0, b0, a0)) {
      accepts(mempool, t);
    }
    assertEquals(List.of(b0, c0, a0, a1, b1), mempool.select(state, TIME, ALL));
  }

  @Test
  void selects_as_many_bytes_as_asked_for() {
    Mempool mempool = mempool();
    Transaction a = paying(0, 0, 5000);
    Transaction b = paying(1, 0, 4000);
    accepts(mempool, a);
    accepts(mempool, b);
    assertEquals(List.of(a, b), mempool.select(state, TIME, a.size() + b.size()));
    assertEquals(List.of(a), mempool.select(state, TIME, a.size() + b.size() - 1));
    assertEquals(List.of(), mempool.select(state, TIME, a.size() - 1));
  }

  @Test
  void passes_over_a_gap_and_over_what_the_branch_has() {
    Mempool mempool = mempool();
    Transaction a0 = paying(0, 0, 5000);
    Transaction a1 = paying(0, 1, 5000);
    Transaction b1 = paying(1, 1, 9000);
    accepts(mempool, a0);
    accepts(mempool, a1);
    accepts(mempool, b1);
    assertEquals(List.of(a0, a1), mempool.select(state, TIME, ALL));
    state.account(0, TestChain.FUNDS, 1);
    assertEquals(List.of(a1), mempool.select(state, TIME, ALL));
    assertTrue(mempool.hasExecutable(state, TIME));
    state.account(0, TestChain.FUNDS, 2);
    assertEquals(List.of(), mempool.select(state, TIME, ALL));
    assertFalse(mempool.hasExecutable(state, TIME));
    state.account(1, TestChain.FUNDS, 1);
    assertEquals(List.of(b1), mempool.select(state, TIME, ALL));
    assertEquals(2, mempool.nextNonce(chain.address(1), state));
  }

  @Test
  void ignores_what_cannot_fit_and_rejects_what_never_could() {
    Mempool mempool = mempool(limits(100, ALL, 64, 8, 10));
    state.account(0, TestChain.FUNDS, 3);
    assertTrue(ignores(mempool, paying(0, 2, 5000)).contains("used"));
    assertTrue(ignores(mempool, paying(0, 11, 5000)).contains("too far ahead"));
    accepts(mempool, paying(0, 10, 5000));
    assertTrue(ignores(mempool, paying(0, 10, 5000)).contains("known"));
    state.account(1, 5000, 0);
    assertTrue(ignores(mempool, paying(1, 0, 5000)).contains("balance"));
    accepts(mempool, paying(1, 0, 4999));
    assertTrue(ignores(mempool, paying(1, 1, 400)).contains("balance"), "with what waits");
    Verdict cheap = mempool.add(paying(2, 0, 10), state, NOW);
    assertInstanceOf(Verdict.Reject.class, cheap);
    assertEquals(new MempoolStats(2, 2, mempool.stats().bytes(), 2, 5, 1, 0, 0), mempool.stats());
  }

  @Test
  void a_replacement_pays_ten_percent_more() {
    Mempool mempool = mempool();
    Transaction old = paying(0, 0, 10_000);
    accepts(mempool, old);
    assertTrue(ignores(mempool, paying(0, 0, 10_999)).contains("10 % more"));
    Transaction replacement = paying(0, 0, 11_000);
    accepts(mempool, replacement);
    assertEquals(List.of(replacement), mempool.select(state, TIME, ALL));
    assertEquals(1, mempool.size());
    assertTrue(mempool.get(old.id()).isEmpty());
    Mempool lax = mempool(limits(100, ALL, 64, 64, 1));
    accepts(lax, old);
    accepts(lax, paying(0, 0, 10_100));
  }

  @Test
  void one_sender_has_so_many_at_most() {
    Mempool mempool = mempool(limits(100, ALL, 3, 64, 10));
    for (int nonce = 0; nonce < 3; nonce++) {
      accepts(mempool, paying(0, nonce, 5000));
    }
    assertTrue(ignores(mempool, paying(0, 3, 9000)).contains("3 transactions waiting"));
    accepts(mempool, paying(0, 2, 9000));
    accepts(mempool, paying(1, 0, 5000));
    Mempool wider = mempool(limits(100, ALL, 4, 64, 10));
    for (int nonce = 0; nonce < 4; nonce++) {
      accepts(wider, paying(0, nonce, 5000));
    }
  }

  @Test
  void when_full_the_cheapest_gives_way_and_leaves_no_gap() {
    Mempool mempool = mempool(limits(4, ALL, 64, 64, 10));
    Transaction a0 = paying(0, 0, 2000);
    Transaction a1 = paying(0, 1, 8000);
    Transaction b0 = paying(1, 0, 3000);
    Transaction b1 = paying(1, 1, 3000);
    for (Transaction t : List.of(a0, a1, b0, b1)) {
      accepts(mempool, t);
    }
    assertTrue(ignores(mempool, paying(2, 0, 3000)).contains("full"));
    Transaction c0 = paying(2, 0, 4000);
    accepts(mempool, c0);
    assertTrue(mempool.get(b1.id()).isEmpty());
    assertEquals(List.of(c0, b0, a0, a1), mempool.select(state, TIME, ALL));
    assertEquals(1, mempool.stats().evicted());
    Mempool roomy = mempool(limits(5, ALL, 64, 64, 10));
    for (Transaction t : List.of(a0, a1, b0, b1, paying(2, 0, 3000))) {
      accepts(roomy, t);
    }
  }

  @Test
  void is_full_by_bytes_too() {
    Transaction a = paying(0, 0, 5000);
    Transaction b = paying(1, 0, 4000);
    long bytes = a.size() + b.size() + 2L * MempoolParams.OVERHEAD_BYTES;
    Mempool exact = mempool(limits(100, bytes, 64, 64, 10));
    accepts(exact, a);
    accepts(exact, b);
    Mempool tight = mempool(limits(100, bytes - 1, 64, 64, 10));
    accepts(tight, a);
    assertTrue(ignores(tight, b).contains("full"));
    assertEquals(1, tight.size());
  }

  @Test
  void what_expires_goes_and_nothing_else() {
    Mempool mempool = mempool();
    Transaction sooner = valid(0, 5000);
    Transaction later = valid(1, 6000);
    accepts(mempool, sooner);
    accepts(mempool, later);
    assertEquals(Optional.of(TIME + 5000), mempool.nextExpiryMillis());
    assertEquals(0, mempool.expire(new Now(0, TIME + 5000)));
    assertEquals(1, mempool.expire(new Now(0, TIME + 5001)));
    assertTrue(mempool.get(later.id()).isPresent());
    assertEquals(List.of(), mempool.select(state, TIME + 6001, ALL));
    assertEquals(List.of(later), mempool.select(state, TIME + 6000, ALL));
    assertTrue(ignores(mempool, valid(2, -1)).contains("no longer valid"));
    long day = TransactionRules.VALID_AHEAD_MILLIS_MAX;
    assertTrue(ignores(mempool, valid(2, day + 1)).contains("24 hours"));
    accepts(mempool, valid(2, day));
  }

  private Transaction valid(int from, long millis) {
    return Transaction.sign(
        chain.domain(),
        chain.accountKey(from),
        0,
        5000,
        TIME + millis,
        new Transfer(chain.address(5), 1));
  }

  @Test
  void forgets_what_a_final_block_has_and_what_it_made_stale() {
    Mempool mempool = mempool();
    Transaction a0 = paying(0, 0, 5000);
    Transaction a1 = paying(0, 1, 5000);
    Transaction b0 = paying(1, 0, 5000);
    accepts(mempool, a0);
    accepts(mempool, a1);
    accepts(mempool, b0);
    Transaction rival = paying(0, 0, 7000);
    state.account(0, TestChain.FUNDS, 1);
    mempool.included(List.of(rival), state);
    assertEquals(List.of(a1, b0), mempool.select(state, TIME, ALL));
    mempool.drop(List.of(b0.id(), rival.id()));
    assertEquals(1, mempool.size());
    state.account(0, TestChain.FUNDS, 0);
    mempool.readmit(List.of(a0, b0), state, NOW);
    assertEquals(3, mempool.size());
  }

  /// Whatever happens, a selection can be executed and the bounds hold.
  @Test
  void random_use_keeps_every_bound() {
    Random random = new Random(8);
    MempoolParams params = limits(40, 40 * 600, 16, 20, 10);
    Mempool mempool = mempool(params);
    for (int step = 0; step < 4000; step++) {
      int from = random.nextInt(5);
      Account account = state.account(chain.address(from));
      switch (random.nextInt(12)) {
        case 0 -> advance(mempool, random, from, account);
        case 1 -> mempool.expire(NOW);
        default ->
            mempool.add(
                paying(from, account.nonce() + random.nextInt(22), 300 + random.nextInt(5000)),
                state,
                NOW);
      }
      assertTrue(mempool.size() <= 40 && mempool.stats().senders() <= 5);
      check(mempool.select(state, TIME, 3000));
    }
    List<Transaction> rest = new ArrayList<>(mempool.transactions(1000));
    assertEquals(mempool.size(), new HashSet<>(rest).size());
    mempool.drop(rest.stream().map(Transaction::id).toList());
    assertEquals(0, mempool.size());
    assertEquals(0, mempool.stats().bytes());
    assertEquals(0, mempool.stats().senders());
  }

  private void advance(Mempool mempool, Random random, int from, Account account) {
    long nonce = account.nonce() + 1 + random.nextInt(3);
    state.account(from, account.balance(), nonce);
    mempool.included(List.of(paying(from, nonce - 1, 5000)), state);
  }

  private void check(List<Transaction> selected) {
    Map<Address, Long> nonces = new HashMap<>();
    Set<Transaction> seen = new HashSet<>();
    int bytes = 0;
    for (Transaction t : selected) {
      long next = nonces.getOrDefault(t.sender(), state.account(t.sender()).nonce());
      assertEquals(next, t.nonce());
      nonces.put(t.sender(), next + 1);
      assertTrue(seen.add(t));
      bytes += t.size();
    }
    assertTrue(bytes <= 3000);
  }
}
