package dev.cairn.core.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Body;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.ledger.Execution.Executed;
import dev.cairn.core.ledger.Execution.Rejected;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.transaction.Delete;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final Bytes TUPLE = Bytes.wrap(new CborWriter().array(0).toBytes());
  private static final Bytes CERTIFICATE = Bytes.of(7);

  private final TestChain chain = new TestChain(4);
  private final MemoryChainStore store = new MemoryChainStore();
  private final Ledger ledger = new Ledger(chain.spec(), store);

  private Assembled assemble(Cid parent, long millis, Transaction... candidates) {
    return assemble(ledger, parent, millis, candidates);
  }

  private Assembled assemble(Ledger by, Cid parent, long millis, Transaction... candidates) {
    long time = TestChain.GENESIS_TIME + millis;
    Draft draft = new Draft(parent, time, TUPLE, chain.proposer(), List.of(candidates));
    return by.assemble(draft, Sealer.NONE);
  }

  private Ledger other() {
    return new Ledger(chain.spec(), new MemoryChainStore());
  }

  private Cid genesis() {
    return ledger.head().block();
  }

  private Put put(String name, int value, OptionalLong expected) {
    return new Put(name, new RecordValue.Inline(Bytes.of(value)), expected);
  }

  @Test
  void starts_with_the_genesis_of_the_spec() {
    assertEquals(chain.spec().genesis().id(), ledger.head().block());
    assertEquals(0, ledger.head().height());
    View state = ledger.finalState();
    assertEquals(TestChain.FUNDS, state.account(chain.address(0)).balance());
    assertEquals(1, state.validators().size());
    assertEquals(chain.proposer(), state.validators().getFirst().account());
    assertEquals(chain.spec().genesis().header().fields().stateRoot(), state.stateRoot());
  }

  @Test
  void a_block_made_by_one_is_executed_by_another_to_the_same_state() {
    Assembled made =
        assemble(
            genesis(),
            1,
            chain.transfer(0, 0, 1, 500),
            chain.sign(1, 0, TestChain.FEE, put("a", 1, OptionalLong.empty())));
    assertTrue(made.refused().isEmpty());
    Block block =
        Block.decode(made.block().headerBytes().toArray(), made.block().bodyBytes().toArray());
    Ledger second = other();
    assertInstanceOf(Executed.class, second.execute(block, chain.proposer()));
    View state = second.at(block.id()).orElseThrow();
    assertEquals(TestChain.FUNDS - 500 - TestChain.FEE, state.account(chain.address(0)).balance());
    assertEquals(1, state.account(chain.address(0)).nonce());
    assertEquals(TestChain.FUNDS + 500 - TestChain.FEE, state.account(chain.address(1)).balance());
    assertEquals(2 * TestChain.FEE, state.account(chain.proposer()).balance());
    assertEquals(block.header().fields().stateRoot(), state.stateRoot());
    second.finalize(block.id(), CERTIFICATE);
    ledger.finalize(block.id(), CERTIFICATE);
    assertEquals(ledger.head(), second.head());
    assertEquals(block.header().fields().stateRoot(), second.head().stateRoot());
  }

  @Test
  void the_store_finds_what_is_final() {
    Transaction first = chain.transfer(0, 0, 1, 500);
    Transaction second = chain.transfer(1, 0, 2, 500);
    Block block = assemble(genesis(), 1, first, second).block();
    assertTrue(store.block(block.id()).isEmpty());
    assertTrue(ledger.signatures().knows(first.id(), ledger.domainAt(1)));
    assertEquals(List.of(block), ledger.finalize(block.id(), CERTIFICATE));
    assertFalse(ledger.signatures().knows(first.id(), ledger.domainAt(1)));
    StoredBlock stored = store.block(block.id()).orElseThrow();
    assertEquals(block, stored.decode());
    assertEquals(CERTIFICATE, stored.certificate());
    assertEquals(Optional.of(block.id()), store.blockAt(1));
    assertEquals(Optional.of(new TxLocation(block.id(), 1, 1)), store.transaction(second.id()));
  }

  @Test
  void records_have_versions_owners_and_tombstones() {
    Address owner = chain.address(0);
    Transaction created = chain.sign(0, 0, TestChain.FEE, put("a", 1, OptionalLong.of(0)));
    Transaction changed = chain.sign(0, 1, TestChain.FEE, put("a", 2, OptionalLong.of(1)));
    Transaction deleted = chain.sign(0, 2, TestChain.FEE, new Delete("a", OptionalLong.of(2)));
    Transaction again = chain.sign(0, 3, TestChain.FEE, put("a", 3, OptionalLong.empty()));
    Cid one = assemble(genesis(), 1, created, changed).block().id();
    RecordEntry latest = ledger.at(one).orElseThrow().record(owner, "a").orElseThrow();
    RecordValue two = new RecordValue.Inline(Bytes.of(2));
    assertEquals(new RecordEntry(owner, 2, Optional.of(two), changed.id()), latest);
    assertTrue(ledger.at(one).orElseThrow().record(chain.address(1), "a").isEmpty());
    Cid next = assemble(one, 2, deleted).block().id();
    RecordEntry tombstone = ledger.at(next).orElseThrow().record(owner, "a").orElseThrow();
    assertEquals(new RecordEntry(owner, 3, Optional.empty(), deleted.id()), tombstone);
    Cid last = assemble(next, 3, again).block().id();
    ledger.finalize(last, CERTIFICATE);
    assertEquals(4, ledger.finalState().record(owner, "a").orElseThrow().version());
    Bytes key = StateKey.record(owner, "a").bytes();
    for (int version = 1; version <= 4; version++) {
      RecordEntry entry = RecordEntry.decode(store.recordVersion(key, version).orElseThrow());
      assertEquals(version, entry.version());
    }
    assertTrue(store.recordVersion(key, 5).isEmpty());
  }

  private String refusal(Transaction transaction) {
    List<Assembled.Refused> refused = assemble(genesis(), 1, transaction).refused();
    assertEquals(1, refused.size(), "refused");
    return refused.getFirst().reason();
  }

  @Test
  void refuses_what_the_rules_refuse_and_says_why() {
    Transaction good = chain.transfer(0, 0, 1, 5);
    assertTrue(refusal(chain.transfer(0, 1, 1, 5)).contains("nonce is 1, not 0"));
    assertTrue(refusal(chain.transfer(0, 0, 1, TestChain.FUNDS)).contains("balance"));
    assertTrue(
        refusal(chain.sign(0, 0, TestChain.FUNDS + 1, good.payload())).contains("cover the fee"));
    assertTrue(refusal(chain.sign(0, 0, good.size() - 9, good.payload())).contains("least fee"));
    Payload missing = new Delete("b", OptionalLong.empty());
    assertTrue(refusal(chain.sign(0, 0, TestChain.FEE, missing)).contains("does not exist"));
    Payload stale = put("b", 1, OptionalLong.of(3));
    assertTrue(refusal(chain.sign(0, 0, TestChain.FEE, stale)).contains("version 0, not 3"));
    assertTrue(refusal(signed(0, 0)).contains("valid until"));
    assertTrue(refusal(signed(0, TransactionRules.VALID_AHEAD_MILLIS_MAX + 2)).contains("24"));
    assertTrue(refusal(signed(7, 3_600_000)).contains("signature"));
    assertEquals(List.of(), assemble(genesis(), 1, good).refused());
    assertEquals(
        List.of(),
        assemble(genesis(), 1, signed(0, TransactionRules.VALID_AHEAD_MILLIS_MAX + 1)).refused());
    assertEquals(List.of(), assemble(genesis(), 1, signed(0, 1)).refused());
  }

  private Transaction signed(int forkVersion, long validFor) {
    SigningDomain domain = new SigningDomain(chain.domain().chainId(), forkVersion);
    return Transaction.sign(
        domain,
        chain.accountKey(0),
        0,
        TestChain.FEE,
        TestChain.GENESIS_TIME + validFor,
        new Transfer(chain.address(1), 5));
  }

  @Test
  void a_chain_that_does_not_list_a_tag_refuses_it() {
    ChainSpec s = chain.spec();
    ChainSpec only =
        new ChainSpec(
            s.name(),
            s.engine(),
            s.genesisTimeMillis(),
            s.accounts(),
            1,
            1_000_000,
            List.of(1),
            List.of());
    Ledger strict = new Ledger(only, new MemoryChainStore());
    Transaction put =
        Transaction.sign(
            only.domainAt(1),
            chain.accountKey(0),
            0,
            TestChain.FEE,
            TestChain.GENESIS_TIME + 1000,
            put("a", 1, OptionalLong.empty()));
    Assembled made = assemble(strict, strict.head().block(), 1, put);
    assertTrue(made.refused().getFirst().reason().contains("payload tag 2"));
  }

  @Test
  void what_a_refused_transaction_wrote_is_taken_back() {
    Transaction refused = chain.transfer(0, 0, 1, TestChain.FUNDS);
    Cid with = assemble(genesis(), 1, refused, chain.transfer(2, 0, 3, 1)).block().id();
    View state = ledger.at(with).orElseThrow();
    assertEquals(TestChain.FUNDS, state.account(chain.address(0)).balance());
    assertEquals(0, state.account(chain.address(0)).nonce());
    assertEquals(TestChain.FUNDS + 1, state.account(chain.address(3)).balance());
  }

  /// A block with these transactions and a state root of its maker's choice.
  private Block forged(Block like, List<Transaction> transactions, long height, long time) {
    return Block.seal(
        height,
        time,
        like.parent(),
        Body.of(transactions),
        like.header().fields().stateRoot(),
        TUPLE,
        Sealer.NONE);
  }

  @Test
  void rejects_a_block_with_anything_wrong_in_it() {
    Transaction good = chain.transfer(0, 0, 1, 5);
    Block block = assemble(other(), genesis(), 5, good).block();
    long time = block.header().time();
    List<Block> wrong =
        List.of(
            forged(block, List.of(), 1, time),
            forged(block, List.of(good), 2, time),
            forged(block, List.of(good), 1, TestChain.GENESIS_TIME),
            forged(block, List.of(good, good), 1, time),
            forged(block, List.of(chain.transfer(0, 1, 1, 5)), 1, time),
            forged(block, List.of(good, signed(7, 3_600_000)), 1, time));
    for (Block forgery : wrong) {
      assertInstanceOf(Rejected.class, ledger.execute(forgery, chain.proposer()));
      assertTrue(ledger.at(forgery.id()).isEmpty());
    }
    assertInstanceOf(Rejected.class, ledger.execute(block, chain.address(3)), "another receiver");
    assertInstanceOf(Executed.class, ledger.execute(block, chain.proposer()));
  }

  @Test
  void a_block_leaves_room_for_its_certificate() {
    Payload large =
        new Put("x", new RecordValue.Inline(Bytes.wrap(new byte[32_000])), OptionalLong.empty());
    Transaction[] many = new Transaction[33];
    for (int i = 0; i < many.length; i++) {
      many[i] = chain.sign(0, i, 50_000, large);
    }
    Assembled made = assemble(other(), genesis(), 1, many);
    assertTrue(made.block().size() <= 1_000_000 - Block.CERTIFICATE_BYTES_MAX);
    assertEquals(29, made.block().transactions().size());
    assertTrue(made.refused().isEmpty(), "what does not fit is not refused");
    Block over = forged(made.block(), List.of(many).subList(0, 31), 1, TestChain.GENESIS_TIME + 1);
    Execution execution = ledger.execute(over, chain.proposer());
    assertTrue(assertInstanceOf(Rejected.class, execution).reason().contains("bytes"));
  }

  @Test
  void a_winning_branch_forgets_the_losing_one() {
    Block a1 = assemble(genesis(), 1, chain.transfer(0, 0, 1, 5)).block();
    Block a2 = assemble(a1.id(), 2, chain.transfer(0, 1, 1, 5)).block();
    Block a3 = assemble(a2.id(), 3, chain.transfer(0, 2, 1, 5)).block();
    Block b1 = assemble(genesis(), 1, chain.transfer(1, 0, 0, 7)).block();
    Block b2 = assemble(b1.id(), 2).block();
    assertEquals(List.of(a1, a2), ledger.finalize(a2.id(), CERTIFICATE));
    assertTrue(ledger.at(b1.id()).isEmpty());
    assertTrue(ledger.at(b2.id()).isEmpty());
    assertEquals(3, ledger.at(a3.id()).orElseThrow().account(chain.address(0)).nonce());
    assertEquals(0, ledger.at(a3.id()).orElseThrow().account(chain.address(1)).nonce());
    assertEquals(Bytes.EMPTY, store.block(a1.id()).orElseThrow().certificate());
    assertInstanceOf(Execution.Ignored.class, ledger.execute(b1, chain.proposer()));
    assertInstanceOf(Execution.Orphan.class, ledger.execute(forged(b2, List.of(), 5, 9), a()));
    assertEquals(List.of(a3), ledger.finalize(a3.id(), CERTIFICATE));
    assertEquals(List.of(), ledger.finalize(a3.id(), CERTIFICATE));
    assertThrows(IllegalArgumentException.class, () -> ledger.finalize(b1.id(), CERTIFICATE));
  }

  private Address a() {
    return chain.proposer();
  }

  @Test
  void waits_with_more_blocks_than_it_can_keep() {
    LedgerParams two = new LedgerParams(2, 1 << 20, 100);
    Ledger small = new Ledger(chain.spec(), new MemoryChainStore(), two, new VerifiedSignatures());
    Block one = assemble(genesis(), 1).block();
    Block two2 = assemble(one.id(), 2).block();
    Block three = assemble(two2.id(), 3).block();
    assertInstanceOf(Executed.class, small.execute(one, a()));
    assertInstanceOf(Executed.class, small.execute(two2, a()));
    assertInstanceOf(Execution.Ignored.class, small.execute(three, a()));
    small.finalize(one.id(), CERTIFICATE);
    assertInstanceOf(Executed.class, small.execute(three, a()));
  }

  @Test
  void opens_again_where_the_store_stands() {
    Block one = assemble(genesis(), 1, chain.transfer(0, 0, 1, 5)).block();
    Block two = assemble(one.id(), 2, chain.transfer(0, 1, 1, 5)).block();
    ledger.finalize(one.id(), CERTIFICATE);
    Ledger again = new Ledger(chain.spec(), store);
    assertEquals(one.id(), again.head().block());
    assertInstanceOf(Executed.class, again.execute(two, chain.proposer()));
    assertEquals(
        ledger.at(two.id()).orElseThrow().stateRoot(),
        again.at(two.id()).orElseThrow().stateRoot());
  }

  @Test
  void refuses_the_store_of_another_chain() {
    TestChain bigger = new TestChain(5);
    LedgerException e = assertThrows(LedgerException.class, () -> new Ledger(bigger.spec(), store));
    assertTrue(e.toString().contains("starts with"));
  }

  @Test
  void proofs_of_the_state_verify_against_the_header() {
    Block block = assemble(genesis(), 1, chain.transfer(0, 0, 1, 5)).block();
    View state = ledger.at(block.id()).orElseThrow();
    StateKey key = StateKey.account(chain.address(0));
    var root = block.header().fields().stateRoot();
    assertTrue(state.prove(key).verify(root, key, state.get(key)));
    assertFalse(state.prove(key).verify(root, key, Optional.empty()));
  }
}
