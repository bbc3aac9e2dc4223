package dev.cairn.core.block;

import dev.cairn.core.Hash;
import dev.cairn.crypto.Sha256;
import dev.cairn.multiformats.Cid;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// The Merkle tree over a block's transactions, shaped and hashed as in RFC 6962, section 2.1: a
/// leaf is `SHA-256(0x00 || digest of the transaction's CID)`, a node `SHA-256(0x01 || left ||
/// right)`, the left side holding the largest power of two below the count, and the empty tree the
/// SHA-256 of nothing. Since leaves and nodes hash apart, no list with a duplicate has the root of
/// another list.
public final class TransactionTree {

  private static final byte LEAF = 0x00;
  private static final byte NODE = 0x01;

  /// More levels than any block can have.
  private static final int PATH_MAX = 32;

  private TransactionTree() {}

  /// The root over these transactions, in their order.
  public static Hash root(List<Cid> transactions) {
    MessageDigest sha256 = Sha256.newDigest();
    if (transactions.isEmpty()) {
      return Hash.of(sha256.digest());
    }
    Hash[] leaves = new Hash[transactions.size()];
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] = leaf(sha256, transactions.get(i));
    }
    return root(sha256, leaves, 0, leaves.length);
  }

  /// The hashes beside the way from a leaf to the root, the leaf's sibling first.
  ///
  /// @param index of the transaction, under the list's size
  public static List<Hash> proof(List<Cid> transactions, int index) {
    MessageDigest sha256 = Sha256.newDigest();
    Hash[] leaves = new Hash[transactions.size()];
    for (int i = 0; i < leaves.length; i++) {
      leaves[i] = leaf(sha256, transactions.get(i));
    }
    List<Hash> path = new ArrayList<>();
    int from = 0;
    int to = leaves.length;
    while (to - from > 1) {
      int middle = from + split(to - from);
      if (index < middle) {
        path.addFirst(root(sha256, leaves, middle, to));
        to = middle;
      } else {
        path.addFirst(root(sha256, leaves, from, middle));
        from = middle;
      }
    }
    return path;
  }

  /// Whether the proof shows that the transaction is in the block with this root.
  ///
  /// @param index where it claims to stand
  /// @param count how many transactions the block claims to have
  public static boolean verify(Hash root, Cid transaction, int index, int count, List<Hash> proof) {
    if (index < 0 || index >= count || proof.size() > PATH_MAX) {
      return false;
    }
    MessageDigest sha256 = Sha256.newDigest();
    Hash hash = leaf(sha256, transaction);
    // RFC 9162, section 2.1.3.2: walk up, with the index in its level and that of the last node.
    int at = index;
    int last = count - 1;
    for (Hash beside : proof) {
      if (last == 0) {
        return false;
      }
      if ((at & 1) == 1 || at == last) {
        hash = node(sha256, beside, hash);
        while ((at & 1) == 0 && at != 0) {
          at >>= 1;
          last >>= 1;
        }
      } else {
        hash = node(sha256, hash, beside);
      }
      at >>= 1;
      last >>= 1;
    }
    return last == 0 && hash.equals(root);
  }

  private static Hash root(MessageDigest sha256, Hash[] leaves, int from, int to) {
    if (to - from == 1) {
      return leaves[from];
    }
    int middle = from + split(to - from);
    return node(sha256, root(sha256, leaves, from, middle), root(sha256, leaves, middle, to));
  }

  /// The largest power of two below `count`, which is at least 2.
  private static int split(int count) {
    return Integer.highestOneBit(count - 1);
  }

  private static Hash leaf(MessageDigest sha256, Cid transaction) {
    sha256.update(LEAF);
    return Hash.of(sha256.digest(transaction.digest()));
  }

  private static Hash node(MessageDigest sha256, Hash left, Hash right) {
    byte[] content = new byte[1 + 2 * Hash.BYTES];
    content[0] = NODE;
    left.write(content, 1);
    right.write(content, 1 + Hash.BYTES);
    return Hash.of(sha256.digest(content));
  }
}
