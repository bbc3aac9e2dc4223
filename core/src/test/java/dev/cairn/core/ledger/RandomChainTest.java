package dev.cairn.core.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.state.StateChange;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateTree;
import dev.cairn.core.transaction.Delete;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.core.transaction.VerifiedSignatures;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// Random chains with branches, whose store is checked after each commit.
class RandomChainTest {

  private static final Bytes TUPLE = Bytes.wrap(new CborWriter().array(0).toBytes());
  private static final int ACCOUNTS = 12;

  private final TestChain chain = new TestChain(ACCOUNTS);
  private final VerifiedSignatures signatures = new VerifiedSignatures();

  /// Keeps all values by key as a plain map, as each commit changes them, and as they were before
  /// it.
  private static final class Checked {
    final ChainStore store = new RecordingStore(new MemoryChainStore(), this::check);
    final Map<StateKey, Bytes> values = new TreeMap<>();
    final List<Map<StateKey, Bytes>> history = new ArrayList<>();

    void check(Commit commit) {
      history.add(new TreeMap<>(values));
      for (StateChange change : commit.changes()) {
        assertEquals(change.previous(), Optional.ofNullable(values.get(change.key())));
        apply(change.key(), change.value());
      }
      assertEquals(StateTree.of(values).root(), commit.stateRoot());
    }

    void apply(StateKey key, Optional<Bytes> value) {
      value.ifPresentOrElse(v -> values.put(key, v), () -> values.remove(key));
    }
  }

  private List<Transaction> transactions(Random random, View state) {
    List<Transaction> made = new ArrayList<>();
    long[] nonces = new long[ACCOUNTS];
    for (int i = 0; i < ACCOUNTS; i++) {
      nonces[i] = state.account(chain.address(i)).nonce();
    }
    for (int i = random.nextInt(12); i > 0; i--) {
      int from = random.nextInt(ACCOUNTS);
      made.add(chain.sign(from, nonces[from]++, TestChain.FEE, payload(random)));
    }
    return made;
  }

  private Payload payload(Random random) {
    String name = "n" + random.nextInt(5);
    return switch (random.nextInt(4)) {
      case 0 ->
          new Put(name, new RecordValue.Inline(Bytes.random(9, random)), OptionalLong.empty());
      case 1 -> new Delete(name, OptionalLong.empty());
      case 2 -> new Transfer(Address.of(Bytes.random(32, random).toArray()), 5);
      default -> new Transfer(chain.address(random.nextInt(ACCOUNTS)), 1 + random.nextInt(9_000));
    };
  }

  @Test
  void every_branch_gives_the_same_state_everywhere_and_undo_restores_it() {
    for (long seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      Checked checked = new Checked();
      ChainStore store = checked.store;
      LedgerParams params = new LedgerParams(100, 1 << 24, 40);
      Ledger maker = new Ledger(chain.spec(), new MemoryChainStore(), params, signatures);
      Ledger reader = new Ledger(chain.spec(), store, params, signatures);
      List<Block> tips = new ArrayList<>();
      long time = TestChain.GENESIS_TIME;
      Cid head = maker.head().block();
      for (int round = 0; round < 60; round++) {
        Cid parent = tips.isEmpty() ? head : tips.get(random.nextInt(tips.size())).id();
        time += 1 + random.nextInt(1000);
        List<Transaction> candidates = transactions(random, maker.at(parent).orElseThrow());
        Block block =
            maker
                .assemble(new Draft(parent, time, TUPLE, chain.proposer(), candidates), Sealer.NONE)
                .block();
        assertInstanceOf(Execution.Executed.class, reader.execute(block, chain.proposer()));
        tips.add(block);
        if (tips.size() > 4) {
          head = tips.get(random.nextInt(tips.size())).id();
          assertEquals(maker.finalize(head, Bytes.EMPTY), reader.finalize(head, Bytes.EMPTY));
          tips.removeIf(lost(reader));
          if (random.nextInt(3) == 0) {
            reader = new Ledger(chain.spec(), store, params, signatures);
            maker = reopened(maker, params);
            tips.clear();
          }
        }
      }
      undoAll(checked);
    }
  }

  private static Predicate<Block> lost(Ledger ledger) {
    return block -> ledger.pending(block.id()).isEmpty();
  }

  private Ledger reopened(Ledger ledger, LedgerParams params) {
    return new Ledger(chain.spec(), ledger.store(), params, signatures);
  }

  private void undoAll(Checked checked) {
    ChainStore store = checked.store;
    for (long height = store.head().orElseThrow().height(); height > 0; height--) {
      Undo undo = Undo.decode(store.undo(height).orElseThrow());
      undo.previous().keySet().forEach(key -> checked.apply(key, undo.value(key, store)));
      assertEquals(checked.history.get((int) height), checked.values);
      Hash before =
          store
              .block(store.blockAt(height - 1).orElseThrow())
              .orElseThrow()
              .decode()
              .header()
              .fields()
              .stateRoot();
      assertEquals(before, StateTree.of(checked.values).root());
    }
  }
}
