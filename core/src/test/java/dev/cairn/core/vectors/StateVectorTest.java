package dev.cairn.core.vectors;

import static dev.cairn.core.vectors.VectorFile.hex;
import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.TestChain;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateProof;
import dev.cairn.core.state.StateTree;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.vectors.VectorFile.Null;
import dev.cairn.multiformats.Cid;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class StateVectorTest {

  private static final VectorFile FILE = new VectorFile("state.json");

  @Test
  void the_file_is_what_the_program_makes() {
    FILE.check(object("values", values(), "trees", trees(), "proofs", proofs()));
  }

  @Test
  void the_vectors_hold() {
    int good = 0;
    for (JsonObject vector : FILE.list("proofs")) {
      Optional<Bytes> value =
          vector.isNull("value")
              ? Optional.empty()
              : Optional.of(Bytes.wrap(VectorFile.bytes(vector, "value")));
      boolean verifies =
          StateProof.decode(VectorFile.bytes(vector, "proof"))
              .verify(
                  Hash.parse(vector.getString("root")),
                  StateKey.of(Bytes.wrap(VectorFile.bytes(vector, "key"))),
                  value);
      assertEquals(vector.getBoolean("valid"), verifies, vector.getString("why"));
      good += verifies ? 1 : 0;
    }
    assertTrue(good > 3 && FILE.list("proofs").size() - good > 3);
  }

  private static Object value(String what, StateKey key, Bytes value) {
    return object(
        "what", what, "key", key.toString(), "path", key.path().toString(), "value", hex(value));
  }

  private static List<Object> values() {
    TestChain chain = new TestChain(2);
    Address owner = chain.address(0);
    Cid tx = Cid.hash(Cid.DAG_CBOR, new byte[] {(byte) 0x80});
    RecordValue inline = new RecordValue.Inline(Bytes.of(1, 2, 3));
    RecordValue link = new RecordValue.Link(Cid.hash(Cid.RAW, new byte[0]));
    ValidatorEntry validator =
        new ValidatorEntry(Bytes.wrap(TestChain.key(200).publicKey()), owner, 1000);
    StateKey record = StateKey.record(owner, "näme");
    return List.of(
        value(
            "account: balance 2^63-1, nonce 5",
            StateKey.account(owner),
            new Account(Long.MAX_VALUE, 5).encode()),
        value(
            "record: version 1, three bytes",
            record,
            new RecordEntry(owner, 1, Optional.of(inline), tx).encode()),
        value(
            "record: version 2, a link",
            record,
            new RecordEntry(owner, 2, Optional.of(link), tx).encode()),
        value(
            "record: version 3, deleted",
            record,
            new RecordEntry(owner, 3, Optional.empty(), tx).encode()),
        value("validator: stake 1000", StateKey.validator(validator.key()), validator.encode()),
        value(
            "the validators' keys",
            ValidatorEntry.KEYS,
            ValidatorEntry.encodeKeys(List.of(validator))));
  }

  private static SortedMap<StateKey, Bytes> tree(int size) {
    SortedMap<StateKey, Bytes> values = new TreeMap<>();
    for (int i = 0; i < size; i++) {
      values.put(StateKey.parameter("key" + i), Bytes.of(i));
    }
    return values;
  }

  private static List<Object> trees() {
    List<Object> vectors = new ArrayList<>();
    for (int size : new int[] {0, 1, 2, 3, 5, 16, 40}) {
      List<Object> entries = new ArrayList<>();
      tree(size)
          .forEach(
              (k, v) ->
                  entries.add(
                      object("key", k.toString(), "path", k.path().toString(), "value", hex(v))));
      vectors.add(object("entries", entries, "root", StateTree.of(tree(size)).root().toString()));
    }
    return vectors;
  }

  private static List<Object> proofs() {
    List<Object> vectors = new ArrayList<>();
    for (int size : new int[] {0, 1, 2, 40}) {
      StateTree tree = StateTree.of(tree(size));
      for (int i : new int[] {0, 1, 39, 40, 41, 42}) {
        StateKey key = StateKey.parameter("key" + i);
        Optional<Bytes> value = Optional.ofNullable(tree(size).get(key));
        StateProof proof = tree.prove(key);
        String what = value.isPresent() ? "present" : "absent";
        add(vectors, tree.root(), key, value, proof, true, what);
      }
    }
    StateTree tree = StateTree.of(tree(40));
    StateKey here = StateKey.parameter("key1");
    StateProof proof = tree.prove(here);
    Optional<Bytes> value = Optional.of(Bytes.of(1));
    add(vectors, tree.root(), here, Optional.of(Bytes.of(2)), proof, false, "another value");
    add(vectors, tree.root(), here, Optional.empty(), proof, false, "said to be absent");
    add(vectors, Hash.ZERO, here, value, proof, false, "another root");
    StateKey other = StateKey.parameter("key2");
    StateProof theirs = tree.prove(other);
    add(vectors, tree.root(), here, Optional.empty(), theirs, false, "the proof of another key");
    List<Hash> shorter = proof.beside().subList(0, proof.beside().size() - 1);
    StateProof cut = new StateProof(shorter, proof.leaf());
    add(vectors, tree.root(), here, value, cut, false, "a level missing");
    StateProof bare = new StateProof(proof.beside(), Optional.empty());
    add(vectors, tree.root(), here, Optional.empty(), bare, false, "the leaf left out");
    return vectors;
  }

  private static void add(
      List<Object> vectors,
      Hash root,
      StateKey key,
      Optional<Bytes> value,
      StateProof proof,
      boolean valid,
      String why) {
    vectors.add(
        object(
            "root", root.toString(),
            "key", key.toString(),
            "value", value.<Object>map(VectorFile::hex).orElse(Null.NULL),
            "proof", hex(proof.encode()),
            "valid", valid,
            "why", why));
  }
}
