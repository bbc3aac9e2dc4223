package dev.cairn.core.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.ledger.Draft;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class RangeServerTest {

  private static List<Long> heights(List<byte[]> answer) {
    return answer.stream().map(m -> BlockMessage.decode(m).block().height()).toList();
  }

  private static List<Long> from(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  @Test
  void a_range_is_answered_with_what_was_asked_for_and_is_final() {
    MadeChain chain = MadeChain.ofLength(70);
    RangeServer server = new RangeServer(chain.store());
    assertEquals(from(1, 64), heights(server.answer(new RangeRequest(1, 64))));
    assertEquals(from(5, 5), heights(server.answer(new RangeRequest(5, 1))));
    assertEquals(from(65, 70), heights(server.answer(new RangeRequest(65, 64))));
    assertEquals(List.of(), server.answer(new RangeRequest(71, 1)));
    assertEquals(List.of(), server.answer(new RangeRequest(Long.MAX_VALUE - 64, 64)));
  }

  @Test
  void one_block_is_answered_by_its_id() {
    MadeChain chain = MadeChain.ofLength(2);
    RangeServer server = new RangeServer(chain.store());
    Cid id = chain.at(2).block().id();
    assertEquals(List.of(2L), heights(server.answer(new BlockRequest(id))));
    Cid unknown = Cid.hash(Cid.DAG_CBOR, new byte[] {1});
    assertEquals(List.of(), server.answer(new BlockRequest(unknown)));
  }

  @Test
  void an_answer_ends_with_a_certificate() {
    TestChain test = new TestChain(1);
    MemoryChainStore store = new MemoryChainStore();
    Ledger ledger = new Ledger(test.spec(), store);
    // 1 to 3 become final together, then 4 and 5: only 3 and 5 have certificates.
    List<Cid> blocks = new ArrayList<>(List.of(ledger.finalState().block()));
    for (int height = 1; height <= 5; height++) {
      blocks.add(grow(ledger, test, blocks.getLast(), height, List.of()).id());
    }
    finalize(ledger, blocks.get(3));
    finalize(ledger, blocks.get(5));
    RangeServer server = new RangeServer(store);
    assertEquals(from(1, 5), heights(server.answer(new RangeRequest(1, 64))));
    assertEquals(from(1, 3), heights(server.answer(new RangeRequest(1, 4))));
    assertEquals(from(1, 3), heights(server.answer(new RangeRequest(1, 3))));
    assertEquals(List.of(), server.answer(new RangeRequest(1, 2)));
    assertEquals(List.of(), server.answer(new RangeRequest(4, 1)));
    assertEquals(from(4, 5), heights(server.answer(new RangeRequest(4, 2))));
  }

  @Test
  void an_answer_has_at_most_4_mib_but_for_a_first_block_that_is_larger() {
    TestChain test = new TestChain(8);
    MemoryChainStore store = new MemoryChainStore();
    Ledger ledger = new Ledger(test.spec(), store);
    Cid parent = ledger.finalState().block();
    for (int height = 1; height <= 6; height++) {
      Block block = grow(ledger, test, parent, height, large(test, height - 1));
      assertTrue(block.size() > 800_000, "a large block");
      parent = block.id();
      finalize(ledger, parent);
    }
    List<byte[]> answer = new RangeServer(store).answer(new RangeRequest(1, 64));
    long bytes = answer.stream().mapToLong(m -> m.length).sum();
    assertTrue(bytes <= RangeServer.ANSWER_BYTES_MAX, bytes + " bytes");
    assertEquals(from(1, 5), heights(answer));
    assertTrue(bytes + answer.getFirst().length > RangeServer.ANSWER_BYTES_MAX, "none more fits");
  }

  private static Block grow(
      Ledger ledger, TestChain test, Cid parent, int height, List<Transaction> transactions) {
    long time = TestChain.GENESIS_TIME + height;
    Draft draft = new Draft(parent, time, MadeChain.consensus(), test.proposer(), transactions);
    return ledger.assemble(draft, Sealer.NONE).block();
  }

  private static void finalize(Ledger ledger, Cid block) {
    List<Block> finals = ledger.finalize(block, MadeChain.certificate(block));
    assertEquals(block, finals.getLast().id());
  }

  private static List<Transaction> large(TestChain test, long round) {
    List<Transaction> transactions = new ArrayList<>();
    RecordValue value = new RecordValue.Inline(Bytes.wrap(new byte[32_000]));
    for (int i = 0; i < 26; i++) {
      Put put = new Put("r", value, OptionalLong.empty());
      transactions.add(test.sign(i % 8, round * 4 + i / 8 - carried(round, i % 8), 100_000, put));
    }
    return transactions;
  }

  /// Of the 26 transactions of a round, accounts 0 and 1 send four and the others three.
  private static long carried(long round, int account) {
    return account < 2 ? 0 : round;
  }
}
