package dev.cairn.core.state;

import dev.cairn.core.Hash;
import dev.cairn.crypto.Sha256;
import java.security.DigestException;
import java.security.MessageDigest;

/// The hashes of the state tree: a leaf is `SHA-256(0x02 || path || SHA-256(value))`, a branch is
/// `SHA-256(0x03 || left || right)`. The first byte keeps them apart from each other and from the
/// hashes of the transaction tree. One thread at a time.
final class TreeHasher {

  private static final byte LEAF = 0x02;
  private static final byte BRANCH = 0x03;

  private final MessageDigest sha256 = Sha256.newDigest();
  private final byte[] input = new byte[1 + 2 * Hash.BYTES];
  private final byte[] output = new byte[Hash.BYTES];

  Hash sha256(byte[] content) {
    sha256.update(content);
    return finish();
  }

  Node.Leaf leaf(Hash path, Hash value) {
    return new Node.Leaf(path, value, pair(LEAF, path, value));
  }

  Node.Branch branch(Node left, Node right) {
    return new Node.Branch(left, right, branch(left.hash(), right.hash()));
  }

  Hash branch(Hash left, Hash right) {
    return pair(BRANCH, left, right);
  }

  private Hash pair(byte domain, Hash first, Hash second) {
    input[0] = domain;
    first.write(input, 1);
    second.write(input, 1 + Hash.BYTES);
    sha256.update(input);
    return finish();
  }

  private Hash finish() {
    try {
      sha256.digest(output, 0, Hash.BYTES);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 gave no digest", e);
    }
    return Hash.at(output, 0);
  }
}
