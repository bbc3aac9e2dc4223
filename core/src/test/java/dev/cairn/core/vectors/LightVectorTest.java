package dev.cairn.core.vectors;

import static dev.cairn.core.vectors.VectorFile.bytes;
import static dev.cairn.core.vectors.VectorFile.hex;
import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.block.Header;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.light.CertifiedChain;
import dev.cairn.core.light.Checkpoint;
import dev.cairn.core.light.EpochEnd;
import dev.cairn.core.light.FinalityProof;
import dev.cairn.core.light.LightClient;
import dev.cairn.core.light.Outcome;
import dev.cairn.core.light.TransactionProof;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateProof;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.vectors.VectorFile.Null;
import dev.cairn.multiformats.Hex;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// A chain whose validators change, followed and queried by a light client.
class LightVectorTest {

  private static final VectorFile FILE = new VectorFile("light.json");

  private final CertifiedChain chain = new CertifiedChain();

  @Test
  void the_file_is_what_the_program_makes() {
    FILE.check(
        object(
            "toml", chain.spec().toText(),
            "chainId", chain.spec().chainId().toString(),
            "genesis", chain.spec().genesis().id().toString(),
            "epochEnds", List.of(end(chain.end(0)), end(chain.end(1)), end(chain.end(2))),
            "badEpochEnds", badEnds(),
            "checkpoints", checkpoints(),
            "blocks", blocks(),
            "states", states(),
            "transactions", transactions()));
  }

  private static Map<String, Object> end(EpochEnd end) {
    return object(
        "header", hex(end.header().encoded()),
        "certificate", hex(end.certificate()),
        "nextValidators", end.next().<Object>map(LightVectorTest::list).orElse(Null.NULL));
  }

  private static List<Object> list(List<ValidatorEntry> validators) {
    return validators.stream()
        .<Object>map(
            v ->
                object(
                    "key", hex(v.key()),
                    "account", v.account().toString(),
                    "stake", Long.toString(v.stake())))
        .toList();
  }

  private List<Object> badEnds() {
    EpochEnd good = chain.end(1);
    List<ValidatorEntry> richer = new ArrayList<>(good.next().orElseThrow());
    ValidatorEntry first = richer.getFirst();
    richer.set(0, new ValidatorEntry(first.key(), first.account(), first.stake() + 1));
    List<Object> all = new ArrayList<>();
    all.add(bad(1, good.header(), good.certificate(), Optional.of(richer), "another stake"));
    all.add(bad(1, good.header(), good.certificate(), Optional.empty(), "a change not shown"));
    all.add(
        bad(
            1,
            good.header(),
            good.certificate(),
            Optional.of(good.next().orElseThrow().reversed()),
            "not ascending by key"));
    all.add(
        bad(1, chain.header(5), chain.certificate(5), good.next(), "not the last of its epoch"));
    all.add(bad(0, good.header(), good.certificate(), good.next(), "the end of another epoch"));
    Bytes few = chain.certificate(6, 1, List.of(1, 2));
    all.add(bad(1, good.header(), few, good.next(), "stake below the quorum"));
    all.add(bad(1, good.header(), Bytes.EMPTY, good.next(), "no certificate"));
    return all;
  }

  private static Object bad(
      long epoch,
      Header header,
      Bytes certificate,
      Optional<List<ValidatorEntry>> next,
      String why) {
    Map<String, Object> end = end(new EpochEnd(header, certificate, next));
    end.put("epoch", epoch);
    end.put("why", why);
    return end;
  }

  private List<Object> checkpoints() {
    return List.of(
        checkpoint(8, 8, 2, ""),
        checkpoint(10, 10, 3, ""),
        checkpoint(8, 9, 2, "the header of another block"),
        checkpoint(8, 8, 1, "the validators of another epoch"));
  }

  private Object checkpoint(int height, int header, long epoch, String why) {
    return object(
        "checkpoint",
        height + ":" + chain.header(height).id(),
        "header",
        hex(chain.header(header).encoded()),
        "validators",
        list(chain.validators(epoch)),
        "epoch",
        (height - 1) / CertifiedChain.EPOCH_BLOCKS,
        "valid",
        why.isEmpty(),
        "why",
        why);
  }

  private List<Object> blocks() {
    List<Object> all = new ArrayList<>();
    for (int height = 1; height <= CertifiedChain.HEIGHT; height++) {
      all.add(block("genesis", chain.finality(height, height), ""));
    }
    Header first = chain.header(7);
    String anchor = "8:" + chain.header(8).id();
    List<Header> bare = List.of(chain.header(8));
    all.add(block("genesis", chain.finality(7, 9), ""));
    all.add(block(anchor, chain.finality(9, 9), ""));
    all.add(block(anchor, chain.finality(10, 11), ""));
    all.add(block(anchor, new FinalityProof(bare, Bytes.EMPTY), ""));
    all.add(block(anchor, new FinalityProof(List.of(first, bare.getFirst()), Bytes.EMPTY), ""));
    all.add(block("genesis", new FinalityProof(List.of(chain.header(0)), Bytes.EMPTY), ""));
    all.add(block(anchor, chain.finality(6, 6), "before the checkpoint's epoch"));
    all.add(block("genesis", new FinalityProof(bare, Bytes.EMPTY), "no certificate"));
    all.add(block("genesis", new FinalityProof(bare, chain.certificate(7)), "another certificate"));
    Bytes few = chain.certificate(8, 2, List.of(0, 3));
    all.add(block("genesis", new FinalityProof(bare, few), "stake below the quorum"));
    Bytes old = chain.certificate(10, 1, List.of(0, 1, 2));
    all.add(
        block(
            "genesis",
            new FinalityProof(List.of(chain.header(10)), old),
            "signed by a validator that has left"));
    all.add(
        block(
            "genesis",
            new FinalityProof(List.of(first, chain.header(9)), chain.certificate(9)),
            "a header is missing between"));
    return all;
  }

  private static Map<String, Object> block(String from, FinalityProof proof, String why) {
    Map<String, Object> block = finality(from, proof);
    block.put("block", proof.block().id().toString());
    block.put("height", proof.block().height());
    block.put("valid", why.isEmpty());
    block.put("why", why);
    return block;
  }

  private static Map<String, Object> finality(String from, FinalityProof proof) {
    return object(
        "from", from,
        "headers", proof.headers().stream().<Object>map(h -> hex(h.encoded())).toList(),
        "certificate", hex(proof.certificate()));
  }

  private List<Object> states() {
    FinalityProof finality = chain.finality(8, 8);
    StateKey account = StateKey.account(chain.owner());
    StateKey record = StateKey.record(chain.owner(), "greeting");
    StateKey absent = StateKey.record(chain.owner(), "nothing");
    Optional<Bytes> value = Optional.ofNullable(chain.state().get(account));
    List<Object> all = new ArrayList<>();
    chain.state().forEach((key, v) -> all.add(state(finality, key, Optional.of(v), key, "")));
    all.add(state(finality, absent, Optional.empty(), absent, ""));
    all.add(state(finality, absent, value, absent, "a value that is not there"));
    all.add(state(finality, account, Optional.empty(), account, "hidden"));
    all.add(state(finality, account, Optional.of(Bytes.of(0x80)), account, "another value"));
    all.add(state(finality, record, value, account, "the proof of another key"));
    FinalityProof open =
        new FinalityProof(List.of(chain.header(8)), chain.certificate(8, 2, List.of(3)));
    all.add(state(open, account, value, account, "the header is not final"));
    return all;
  }

  private Object state(
      FinalityProof finality, StateKey key, Optional<Bytes> value, StateKey proven, String why) {
    Map<String, Object> state = finality("genesis", finality);
    state.put("key", hex(key.bytes()));
    state.put("value", value.<Object>map(VectorFile::hex).orElse(Null.NULL));
    state.put("proof", hex(chain.tree().prove(proven).encode()));
    state.put("valid", why.isEmpty());
    state.put("why", why);
    return state;
  }

  private List<Object> transactions() {
    FinalityProof finality = chain.finality(CertifiedChain.FULL, 6);
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < chain.transactions().size(); i++) {
      all.add(transaction(finality, i, chain.transactionProof(i), ""));
    }
    all.add(transaction(finality, 0, chain.transactionProof(1), "another transaction's proof"));
    all.add(transaction(chain.finality(4, 4), 0, chain.transactionProof(0), "another block"));
    return all;
  }

  private Object transaction(
      FinalityProof finality, int index, TransactionProof proof, String why) {
    Map<String, Object> transaction = finality("genesis", finality);
    transaction.put("transaction", hex(chain.transactions().get(index).encoded()));
    transaction.put("index", proof.index());
    transaction.put("count", proof.count());
    transaction.put("path", proof.path().stream().<Object>map(Hash::toString).toList());
    transaction.put("valid", why.isEmpty());
    transaction.put("why", why);
    return transaction;
  }

  @Test
  void the_client_proves_what_is_valid_and_nothing_else() {
    JsonObject file = FILE.read();
    for (JsonObject v : FILE.list("badEpochEnds")) {
      LightClient client = at(file, "genesis", v.getInt("epoch"));
      assertInstanceOf(Outcome.Refuted.class, client.advance(end(v)), v.getString("why"));
    }
    for (JsonObject v : FILE.list("checkpoints")) {
      assertEquals(v.getBoolean("valid"), proved(checkpoint(file, v)), v.getString("why"));
    }
    for (JsonObject v : FILE.list("blocks")) {
      FinalityProof proof = finality(v);
      assertEquals(v.getString("block"), proof.block().id().toString());
      check(v, client(file, v).block(proof));
    }
    for (JsonObject v : FILE.list("states")) {
      Optional<Bytes> value =
          v.isNull("value") ? Optional.empty() : Optional.of(Bytes.wrap(bytes(v, "value")));
      StateKey key = StateKey.of(Bytes.wrap(bytes(v, "key")));
      StateProof proof = StateProof.decode(bytes(v, "proof"));
      check(v, client(file, v).value(finality(v), key, value, proof));
    }
    for (JsonObject v : FILE.list("transactions")) {
      List<Hash> path =
          v.getJsonArray("path").getValuesAs(JsonString.class).stream()
              .map(s -> Hash.parse(s.getString()))
              .toList();
      TransactionProof proof = new TransactionProof(v.getInt("index"), v.getInt("count"), path);
      Transaction transaction = Transaction.decode(bytes(v, "transaction"));
      check(v, client(file, v).transaction(finality(v), transaction, proof));
    }
  }

  private static void check(JsonObject vector, Outcome<?> outcome) {
    assertEquals(vector.getBoolean("valid"), proved(outcome), vector.getString("why"));
  }

  private static boolean proved(Outcome<?> outcome) {
    return outcome instanceof Outcome.Proved<?>;
  }

  private LightClient client(JsonObject file, JsonObject vector) {
    long last = finality(vector).headers().getLast().height();
    return at(file, vector.getString("from"), last == 0 ? 0 : (last - 1) / 3);
  }

  /// A client that trusts what it is told to and has come to an epoch, if that is ahead.
  private static LightClient at(JsonObject file, String from, long epoch) {
    LightClient client =
        value(
            from.equals("genesis")
                ? LightClient.atGenesis(ChainSpec.parse(file.getString("toml")))
                : checkpoint(
                    file,
                    file.getJsonArray("checkpoints").getValuesAs(JsonObject.class).stream()
                        .filter(c -> c.getString("checkpoint").equals(from))
                        .findFirst()
                        .orElseThrow()));
    while (client.epoch() < epoch) {
      client =
          value(
              client.advance(
                  end(file.getJsonArray("epochEnds").getJsonObject((int) client.epoch()))));
    }
    return client;
  }

  private static <T> T value(Outcome<T> outcome) {
    assertTrue(proved(outcome), outcome.toString());
    return ((Outcome.Proved<T>) outcome).value();
  }

  private static Outcome<LightClient> checkpoint(JsonObject file, JsonObject vector) {
    return LightClient.atCheckpoint(
        ChainSpec.parse(file.getString("toml")),
        Checkpoint.parse(vector.getString("checkpoint")),
        Header.decode(bytes(vector, "header")),
        validators(vector, "validators"));
  }

  private static EpochEnd end(JsonObject vector) {
    boolean same = vector.isNull("nextValidators");
    return new EpochEnd(
        Header.decode(bytes(vector, "header")),
        Bytes.wrap(bytes(vector, "certificate")),
        same ? Optional.empty() : Optional.of(validators(vector, "nextValidators")));
  }

  private static List<ValidatorEntry> validators(JsonObject vector, String name) {
    return vector.getJsonArray(name).getValuesAs(JsonObject.class).stream()
        .map(
            v ->
                new ValidatorEntry(
                    Bytes.wrap(bytes(v, "key")),
                    Address.parse(v.getString("account")),
                    Long.parseLong(v.getString("stake"))))
        .toList();
  }

  private static FinalityProof finality(JsonObject vector) {
    List<Header> headers =
        vector.getJsonArray("headers").getValuesAs(JsonString.class).stream()
            .map(h -> Header.decode(Hex.decode(h.getString())))
            .toList();
    return new FinalityProof(headers, Bytes.wrap(bytes(vector, "certificate")));
  }
}
