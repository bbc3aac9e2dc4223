package dev.cairn.core.vectors;

import static dev.cairn.core.vectors.VectorFile.hex;
import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.block.TransactionTree;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.ledger.Commit;
import dev.cairn.core.ledger.Draft;
import dev.cairn.core.ledger.Execution;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.ledger.RecordingStore;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.transaction.Delete;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.vectors.VectorFile.Null;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class BlockVectorTest {

  private static final VectorFile FILE = new VectorFile("blocks.json");

  private final TestChain chain = new TestChain(2);

  /// The sealing that Simplex asks for, by the chain's one validator.
  private final Sealer sealer =
      (height, fields) ->
          Optional.of(
              Bytes.wrap(
                  TestChain.key(200)
                      .sign(chain.spec().domainAt(height).message(SigningDomain.BLOCK, fields))));

  @Test
  void the_file_is_what_the_program_makes() {
    FILE.check(
        object(
            "toml", chain.spec().toText(),
            "chain", blocks(),
            "txProofs", proofs(),
            "malformed", malformed()));
  }

  @Test
  void the_vectors_hold() {
    ChainSpec spec = ChainSpec.parse(FILE.read().getString("toml"));
    Ledger ledger = new Ledger(spec, new MemoryChainStore());
    for (JsonObject vector : FILE.list("chain")) {
      Block block =
          Block.decode(VectorFile.bytes(vector, "header"), VectorFile.bytes(vector, "body"));
      assertInstanceOf(Execution.Executed.class, ledger.execute(block, chain.proposer()));
      assertEquals(vector.getString("id"), block.id().toString());
    }
    int good = 0;
    for (JsonObject vector : FILE.list("txProofs")) {
      boolean verifies = verify(vector);
      assertEquals(vector.getBoolean("valid"), verifies);
      good += verifies ? 1 : 0;
    }
    assertTrue(good > 5 && good < FILE.list("txProofs").size());
    for (JsonObject vector : FILE.list("malformed")) {
      assertThrows(
          MalformedException.class,
          () -> Block.decode(VectorFile.bytes(vector, "header"), VectorFile.bytes(vector, "body")),
          vector.getString("why"));
    }
  }

  private static boolean verify(JsonObject vector) {
    List<Hash> path =
        vector.getJsonArray("path").getValuesAs(JsonString.class).stream()
            .map(hash -> Hash.parse(hash.getString()))
            .toList();
    return TransactionTree.verify(
        Hash.parse(vector.getString("root")),
        Cid.parse(vector.getString("transaction")),
        vector.getInt("index"),
        vector.getInt("count"),
        path);
  }

  /// Notes what each commit changes.
  private static final class Changes {
    final List<List<Object>> commits = new ArrayList<>();
    final MemoryChainStore memory = new MemoryChainStore();

    ChainStore store() {
      return new RecordingStore(memory, this::note);
    }

    void note(Commit commit) {
      List<Object> changes = new ArrayList<>();
      commit
          .changes()
          .forEach(
              c ->
                  changes.add(
                      object(
                          "key", c.key().toString(),
                          "value", c.value().<Object>map(VectorFile::hex).orElse(Null.NULL))));
      commits.add(changes);
    }
  }

  private List<Transaction> transactions(int block) {
    RecordValue inline = new RecordValue.Inline(Bytes.of(1, 2, 3));
    return switch (block) {
      case 1 ->
          List.of(
              chain.transfer(0, 0, 1, 500),
              chain.sign(1, 0, 7_000, new Put("a", inline, OptionalLong.of(0))),
              chain.transfer(0, 1, 0, 5));
      case 2 -> List.of();
      default -> List.of(chain.sign(1, 1, 7_000, new Delete("a", OptionalLong.of(1))));
    };
  }

  private List<Object> blocks() {
    Changes changes = new Changes();
    Ledger ledger = new Ledger(chain.spec(), changes.store());
    Bytes consensus = consensus(ledger);
    List<Object> vectors = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      long time = TestChain.GENESIS_TIME + 1000L * i;
      Cid parent = ledger.head().block();
      Draft draft = new Draft(parent, time, consensus, chain.proposer(), transactions(i));
      Block block = ledger.assemble(draft, sealer).block();
      ledger.finalize(block.id(), Bytes.EMPTY);
      vectors.add(vector(block, changes.commits.getLast()));
    }
    return vectors;
  }

  /// Epoch 0, the account of the one validator, and its set now and next.
  private Bytes consensus(Ledger ledger) {
    CborReader genesis =
        new CborReader(
            ledger
                .store()
                .block(ledger.head().block())
                .orElseThrow()
                .decode()
                .header()
                .consensus()
                .toArray());
    genesis.array(4);
    genesis.uint();
    genesis.bytesOf(32);
    byte[] set = genesis.bytesOf(32);
    CborWriter writer = new CborWriter().array(4).uint(0);
    writer.bytes(chain.proposer().publicKey()).bytes(set).bytes(set);
    return Bytes.wrap(writer.toBytes());
  }

  private static Map<String, Object> vector(Block block, List<Object> changes) {
    return object(
        "id", block.id().toString(),
        "height", Long.toString(block.height()),
        "time", Long.toString(block.header().time()),
        "parent", block.parent().orElseThrow().toString(),
        "bodyId", block.body().id().toString(),
        "txRoot", block.header().fields().txRoot().toString(),
        "stateRoot", block.header().fields().stateRoot().toString(),
        "consensus", hex(block.header().consensus()),
        "signed", hex(block.header().signed().copy()),
        "seal", hex(block.header().seal().orElseThrow()),
        "header", hex(block.headerBytes()),
        "body", hex(block.bodyBytes()),
        "transactions", block.body().transactionIds().stream().map(Cid::toString).toList(),
        "stateChanges", changes);
  }

  private static List<Object> proofs() {
    List<Object> vectors = new ArrayList<>();
    for (int count : new int[] {1, 2, 3, 7}) {
      List<Cid> ids = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ids.add(Cid.hash(Cid.DAG_CBOR, new byte[] {(byte) i}));
      }
      for (int index = 0; index < count; index += 2) {
        vectors.add(proof(ids, index, index, count, true));
      }
      vectors.add(proof(ids, 0, count - 1, count + 1, false));
    }
    return vectors;
  }

  private static Object proof(List<Cid> ids, int at, int index, int count, boolean valid) {
    return object(
        "root",
        TransactionTree.root(ids).toString(),
        "transaction",
        ids.get(at).toString(),
        "index",
        index,
        "count",
        count,
        "path",
        TransactionTree.proof(ids, at).stream().map(Hash::toString).toList(),
        "valid",
        valid);
  }

  private List<Object> malformed() {
    Block genesis = chain.spec().genesis();
    byte[] header = genesis.headerBytes().toArray();
    byte[] body = genesis.bodyBytes().toArray();
    byte[] version = header.clone();
    version[2] = 2;
    byte[] height = header.clone();
    height[3] = 1;
    byte[] root = header.clone();
    int at =
        Bytes.wrap(header).toHexString().indexOf(genesis.header().fields().txRoot().toString()) / 2
            - 1;
    root[at] ^= 1;
    byte[] other =
        new CborWriter().array(1).raw(chain.transfer(0, 0, 1, 5).encoded().toArray()).toBytes();
    List<Object> vectors = new ArrayList<>();
    vectors.add(object("header", hex(version), "body", hex(body), "why", "version 2"));
    vectors.add(object("header", hex(height), "body", hex(body), "why", "height 1, no parent"));
    vectors.add(object("header", hex(root), "body", hex(body), "why", "another txRoot"));
    vectors.add(object("header", hex(header), "body", hex(other), "why", "another body"));
    return vectors;
  }
}
