package dev.cairn.core.vectors;

import static dev.cairn.core.staking.StakeChain.key;
import static dev.cairn.core.staking.StakeChain.stake;
import static dev.cairn.core.staking.StakeChain.validator;
import static dev.cairn.core.vectors.VectorFile.hex;
import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.cairn.core.block.Block;
import dev.cairn.core.block.Body;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.simplex.Certificate;
import dev.cairn.core.consensus.simplex.Evidence;
import dev.cairn.core.consensus.simplex.Statement;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import dev.cairn.core.consensus.simplex.Vote;
import dev.cairn.core.ledger.Execution;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.staking.StakeChain;
import dev.cairn.core.staking.Unstake;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.cbor.Slice;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// A chain through five epochs of four blocks, in which validators come, go and are punished.
class StakeVectorTest {

  private static final VectorFile FILE = new VectorFile("stakes.json");
  private static final int BLOCKS = 20;

  private final StakeChain chain = new StakeChain(3);

  @Test
  void the_file_is_what_the_program_makes() {
    List<Object> blocks = new ArrayList<>();
    for (int height = 1; height <= BLOCKS; height++) {
      blocks.add(vector(make(height)));
    }
    FILE.check(object("toml", chain.spec.toText(), "chain", blocks, "invalid", invalid()));
  }

  private Block make(int height) {
    return switch (height) {
      case 2 -> chain.block(chain.sign(5, stake(5, 5, 2_000)), chain.sign(1, stake(1, 1, 7)));
      case 3 -> chain.block(chain.sign(2, new Unstake(key(2), 1_001)));
      case 6 -> chain.block(evidence(1, 3, 1, new Skip(1, 2), new Finalize(1, 2, block())));
      case 9 -> chain.block(chain.sign(5, new Unstake(key(5), 2_000)));
      default -> chain.block();
    };
  }

  private static Cid block() {
    return Cid.hash(Cid.DAG_CBOR, new byte[] {1});
  }

  private Vote vote(int offender, Statement statement) {
    byte[] message =
        chain
            .spec
            .domainAt(statement.epoch() * 4 + 1)
            .message(Certificate.VOTE, Slice.of(statement.encode()));
    int index = Math.max(0, chain.ordered(statement.epoch()).indexOf(offender));
    return new Vote(statement, index, Bytes.wrap(validator(offender).sign(message)));
  }

  private Transaction evidence(
      int reporter, int accused, int signer, Statement first, Statement second) {
    Evidence pair =
        new Evidence(vote(accused, first), vote(signer == 1 ? accused : signer, second));
    return chain.sign(validator(reporter), new Accusation(key(accused), pair.encode()));
  }

  private static Object vector(Block block) {
    return object(
        "id", block.id().toString(),
        "height", Long.toString(block.height()),
        "stateRoot", block.header().fields().stateRoot().toString(),
        "header", hex(block.headerBytes()),
        "body", hex(block.bodyBytes()));
  }

  /// Blocks over the last one, with one transaction that the state refuses.
  private List<Object> invalid() {
    Skip skip = new Skip(4, 1);
    Finalize end = new Finalize(4, 1, block());
    List<Object> vectors = new ArrayList<>();
    refuse(vectors, 6, stake(6, 6, 999), "less than the least stake");
    refuse(vectors, 6, stake(6, 6, 2_000_000), "more than it has");
    refuse(vectors, 6, stake(6, 1, 2_000), "another account's validator");
    refuse(vectors, 6, stake(5, 6, 2_000), "a possession for another account");
    refuse(vectors, 3, stake(3, 3, 2_000), "a key that was punished");
    refuse(vectors, 6, new Unstake(key(1), 1), "another account's validator");
    refuse(vectors, 1, new Unstake(key(1), 10_008), "more than its stake");
    refuse(vectors, 1, new Unstake(key(1), 9_999), "too little left");
    refuse(vectors, evidence(1, 3, 1, new Skip(4, 1), end), "punished before");
    refuse(vectors, evidence(1, 2, 6, skip, end), "another's signature");
    refuse(vectors, evidence(1, 6, 1, skip, end), "no validator of that epoch");
    Finalize old = new Finalize(1, 1, block());
    refuse(vectors, evidence(1, 2, 1, new Skip(1, 1), old), "expired");
    return vectors;
  }

  private void refuse(List<Object> vectors, int account, Payload payload, String why) {
    refuse(vectors, chain.sign(account, payload), why);
  }

  private void refuse(List<Object> vectors, Transaction transaction, String why) {
    assertFalse(chain.refusal(transaction).isEmpty(), why);
    Block block =
        Block.seal(
            chain.state().height() + 1,
            chain.state().time() + 1_000,
            Optional.of(chain.state().block()),
            Body.of(List.of(transaction)),
            chain.state().stateRoot(),
            Bytes.of(0x80),
            Sealer.NONE);
    vectors.add(
        object("header", hex(block.headerBytes()), "body", hex(block.bodyBytes()), "why", why));
  }

  @Test
  void the_vectors_hold() {
    ChainSpec spec = ChainSpec.parse(FILE.read().getString("toml"));
    Ledger ledger = new Ledger(spec, new MemoryChainStore());
    for (JsonObject vector : FILE.list("chain")) {
      Block block = decode(vector);
      assertEquals(vector.getString("id"), block.id().toString());
      assertInstanceOf(
          Execution.Executed.class, ledger.execute(block, StakeChain.account(9)), "a good block");
      ledger.finalize(block.id(), Bytes.of(1));
    }
    assertEquals(BLOCKS, ledger.head().height());
    for (JsonObject vector : FILE.list("invalid")) {
      Execution execution = ledger.execute(decode(vector), StakeChain.account(9));
      String reason = assertInstanceOf(Execution.Rejected.class, execution).reason();
      assertFalse(reason.contains("state root"), vector.getString("why") + ": " + reason);
    }
  }

  private static Block decode(JsonObject vector) {
    return Block.decode(VectorFile.bytes(vector, "header"), VectorFile.bytes(vector, "body"));
  }
}
