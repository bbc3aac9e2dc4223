package dev.cairn.core.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class StateTreeTest {

  private static StateKey key(int number) {
    return StateKey.of(Bytes.ofUnsignedInt(number));
  }

  private static Bytes value(Random random) {
    return Bytes.random(1 + random.nextInt(40), random);
  }

  /// The definition of the root, with no cleverness.
  private static Hash defined(List<Hash[]> leaves, int depth) {
    if (leaves.isEmpty()) {
      return Hash.ZERO;
    }
    if (leaves.size() == 1) {
      Hash[] leaf = leaves.getFirst();
      return Hash.sha256(new byte[] {2}, leaf[0].bytes(), leaf[1].bytes());
    }
    List<Hash[]> left = leaves.stream().filter(l -> !l[0].bit(depth)).toList();
    List<Hash[]> right = leaves.stream().filter(l -> l[0].bit(depth)).toList();
    return Hash.sha256(
        new byte[] {3}, defined(left, depth + 1).bytes(), defined(right, depth + 1).bytes());
  }

  private static Hash defined(Map<StateKey, Bytes> values) {
    List<Hash[]> leaves = new ArrayList<>();
    values.forEach((k, v) -> leaves.add(new Hash[] {k.path(), Hash.sha256(v.toArrayUnsafe())}));
    return defined(leaves, 0);
  }

  /// A store of rows that checks the order in which they come.
  private static final class Rows implements NodeSource {
    final Map<Bytes, Bytes> rows = new HashMap<>();
    int reads;

    @Override
    public Optional<Bytes> node(Bytes path) {
      reads++;
      return Optional.ofNullable(rows.get(path));
    }

    void write(List<RowChange> changes) {
      String last = "";
      for (RowChange change : changes) {
        String path = "x" + change.path().toUnprefixedHexString();
        assertTrue(last.compareTo(path) < 0, "rows ascend");
        last = path;
        if (change.row().isPresent()) {
          rows.put(change.path(), change.row().get());
        } else {
          assertTrue(rows.remove(change.path()) != null, "a row that was there goes");
        }
      }
    }
  }

  @Test
  void the_root_is_the_definitions_whatever_the_order() {
    Random random = new Random(4);
    for (int size : List.of(0, 1, 2, 3, 17, 300)) {
      Map<StateKey, Bytes> values = new LinkedHashMap<>();
      for (int i = 0; i < size; i++) {
        values.put(key(i), value(random));
      }
      Hash root = defined(values);
      assertEquals(root, StateTree.of(values).root());
      List<StateKey> order = new ArrayList<>(values.keySet());
      Collections.shuffle(order, random);
      StateTree tree = StateTree.open(Hash.ZERO, NodeSource.NONE);
      for (StateKey key : order) {
        tree = tree.with(Map.of(key, Optional.of(values.getOrDefault(key, Bytes.EMPTY))));
      }
      assertEquals(root, tree.root());
      Collections.shuffle(order, random);
      for (StateKey key : order) {
        tree = tree.with(Map.of(key, Optional.empty()));
      }
      assertEquals(Hash.ZERO, tree.root());
    }
  }

  @Test
  void batches_over_stored_rows_come_to_the_same_as_from_scratch() {
    for (long seed = 1; seed <= 12; seed++) {
      Random random = new Random(seed);
      int keys = seed % 3 == 0 ? 6 : 400;
      Rows rows = new Rows();
      Map<StateKey, Bytes> values = new TreeMap<>();
      StateTree stored = StateTree.open(Hash.ZERO, rows);
      for (int round = 0; round < 25; round++) {
        StateTree next = stored.with(batch(random, keys, values));
        assertEquals(defined(values), next.root());
        rows.write(next.rowsSince(stored));
        stored =
            switch (random.nextInt(4)) {
              case 0 -> StateTree.open(next.root(), rows);
              case 1 -> released(next, random.nextInt(12));
              default -> next;
            };
        assertEquals(rowsFromScratch(values), rows.rows);
      }
    }
  }

  private static StateTree released(StateTree tree, int depth) {
    tree.release(depth);
    return tree;
  }

  private static Map<Bytes, Bytes> rowsFromScratch(Map<StateKey, Bytes> values) {
    Rows rows = new Rows();
    rows.write(StateTree.of(values).rowsSince(StateTree.open(Hash.ZERO, NodeSource.NONE)));
    return rows.rows;
  }

  private static Map<StateKey, Optional<Bytes>> batch(
      Random random, int keys, Map<StateKey, Bytes> values) {
    Map<StateKey, Optional<Bytes>> changes = new TreeMap<>();
    for (int i = random.nextInt(1 + keys / 4); i >= 0; i--) {
      StateKey key = key(random.nextInt(keys));
      if (random.nextInt(3) == 0) {
        changes.put(key, Optional.empty());
        values.remove(key);
      } else {
        Bytes value = value(random);
        changes.put(key, Optional.of(value));
        values.put(key, value);
      }
    }
    return changes;
  }

  @Test
  void trees_that_are_not_stored_stay_good_when_a_parent_is() {
    Random random = new Random(5);
    Rows rows = new Rows();
    Map<StateKey, Bytes> values = new TreeMap<>();
    StateTree stored = StateTree.open(Hash.ZERO, rows);
    List<StateTree> waiting = new ArrayList<>();
    for (int round = 0; round < 60; round++) {
      StateTree tip = waiting.isEmpty() ? stored : waiting.getLast();
      // A branch that loses shares pages with the one that wins.
      tip.with(batch(random, 300, new TreeMap<>(values))).root();
      waiting.add(tip.with(batch(random, 300, values)));
      assertEquals(defined(values), waiting.getLast().root());
      if (waiting.size() > 3) {
        StateTree next = waiting.removeFirst();
        rows.write(next.rowsSince(stored));
        stored = next;
        stored.release(random.nextInt(3) * 4);
      }
    }
    assertTrue(rows.reads > 100, "rows were let go of and read again");
  }

  @Test
  void proofs_verify_and_tampered_ones_do_not() {
    Random random = new Random(6);
    for (int size : List.of(0, 1, 2, 5, 200)) {
      Map<StateKey, Bytes> values = new TreeMap<>();
      for (int i = 0; i < size; i++) {
        values.put(key(i), value(random));
      }
      StateTree tree = StateTree.of(values);
      for (int i = 0; i < size + 30; i++) {
        StateKey key = key(i);
        Optional<Bytes> value = Optional.ofNullable(values.get(key));
        StateProof proof = StateProof.decode(tree.prove(key).encode().toArray());
        assertTrue(proof.verify(tree.root(), key, value));
        check(tree.root(), key, value, proof, random);
      }
    }
  }

  private static void check(
      Hash root, StateKey key, Optional<Bytes> value, StateProof proof, Random random) {
    Bytes other = Bytes.random(41, random);
    assertFalse(proof.verify(root, key, Optional.of(other)));
    if (value.isPresent()) {
      assertFalse(proof.verify(root, key, Optional.empty()));
    }
    assertFalse(proof.verify(Hash.sha256(root.bytes()), key, value));
    assertFalse(proof.verify(root, key(1 << 20), Optional.of(other)));
    for (int i = 0; i < proof.beside().size(); i++) {
      List<Hash> beside = new ArrayList<>(proof.beside());
      beside.set(i, Hash.sha256(beside.get(i).bytes()));
      assertFalse(new StateProof(beside, proof.leaf()).verify(root, key, value));
      beside.remove(i);
      assertFalse(new StateProof(beside, proof.leaf()).verify(root, key, value));
    }
    if (proof.leaf().isPresent()) {
      StateProof without = new StateProof(proof.beside(), Optional.empty());
      assertFalse(without.verify(root, key, Optional.empty()));
    }
  }

  @Test
  void another_keys_leaf_proves_absence_only_where_the_key_would_be() {
    Map<StateKey, Bytes> values = new TreeMap<>();
    for (int i = 0; i < 50; i++) {
      values.put(key(i), Bytes.of(i));
    }
    StateTree tree = StateTree.of(values);
    int wrong = 0;
    for (int i = 0; i < 50; i++) {
      StateProof theirs = tree.prove(key(i));
      for (int j = 0; j < 50; j++) {
        // The proof of a key that is there must show nothing of one that is there too.
        assertFalse(theirs.verify(tree.root(), key(j), Optional.empty()), i + " for " + j);
        wrong++;
      }
    }
    assertEquals(2500, wrong);
  }

  @Test
  void a_damaged_or_missing_row_is_noticed() {
    Map<StateKey, Optional<Bytes>> values = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      values.put(key(i), Optional.of(Bytes.of(i)));
    }
    Rows rows = new Rows();
    StateTree empty = StateTree.open(Hash.ZERO, rows);
    StateTree full = empty.with(values);
    rows.write(full.rowsSince(empty));
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      byte[] row = rows.node(Bytes.EMPTY).orElseThrow().toArray();
      row[random.nextInt(row.length)] ^= (byte) (1 << random.nextInt(8));
      StateTree damaged = StateTree.open(full.root(), path -> Optional.of(Bytes.wrap(row)));
      assertThrows(StateException.class, () -> damaged.prove(key(1)));
    }
    StateTree missing = StateTree.open(full.root(), NodeSource.NONE);
    assertThrows(StateException.class, () -> missing.with(values));
  }
}
