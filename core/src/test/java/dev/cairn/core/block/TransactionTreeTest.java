package dev.cairn.core.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TransactionTreeTest {

  private static List<Cid> ids(int count) {
    List<Cid> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(Cid.hash(Cid.DAG_CBOR, new byte[] {(byte) i, (byte) (i >> 8)}));
    }
    return ids;
  }

  /// The definition of RFC 6962, section 2.1, word for word.
  private static Hash defined(List<Cid> ids) {
    if (ids.isEmpty()) {
      return Hash.sha256();
    }
    if (ids.size() == 1) {
      return Hash.sha256(new byte[] {0}, ids.getFirst().digest());
    }
    int split = 1;
    while (split * 2 < ids.size()) {
      split *= 2;
    }
    byte[] left = defined(ids.subList(0, split)).bytes();
    byte[] right = defined(ids.subList(split, ids.size())).bytes();
    return Hash.sha256(new byte[] {1}, left, right);
  }

  @Test
  void is_the_tree_of_rfc_6962() {
    for (int count = 0; count < 70; count++) {
      assertEquals(defined(ids(count)), TransactionTree.root(ids(count)));
    }
  }

  @Test
  void proofs_verify_and_tampered_ones_do_not() {
    for (int count = 1; count < 40; count++) {
      List<Cid> ids = ids(count);
      Hash root = TransactionTree.root(ids);
      for (int index = 0; index < count; index++) {
        List<Hash> proof = TransactionTree.proof(ids, index);
        Cid id = ids.get(index);
        assertTrue(TransactionTree.verify(root, id, index, count, proof));
        Cid other = Cid.hash(Cid.DAG_CBOR, new byte[9]);
        assertFalse(TransactionTree.verify(root, other, index, count, proof));
        assertFalse(TransactionTree.verify(Hash.ZERO, id, index, count, proof));
        assertFalse(TransactionTree.verify(root, id, index + 1, count, proof));
        assertFalse(TransactionTree.verify(root, id, count, count, proof));
        assertFalse(TransactionTree.verify(root, id, -1, count, proof));
        List<Hash> longer = new ArrayList<>(proof);
        longer.add(Hash.ZERO);
        assertFalse(TransactionTree.verify(root, id, index, count, longer));
        if (!proof.isEmpty()) {
          assertFalse(
              TransactionTree.verify(root, id, index, count, proof.subList(0, proof.size() - 1)));
        }
      }
    }
  }

  @Test
  void a_duplicated_transaction_gives_another_root() {
    for (int count = 1; count < 20; count++) {
      List<Cid> ids = ids(count);
      List<Cid> doubled = new ArrayList<>(ids);
      doubled.add(ids.getLast());
      assertNotEquals(TransactionTree.root(ids), TransactionTree.root(doubled));
    }
  }
}
