package dev.cairn.core.state;

import dev.cairn.core.Hash;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Shows, against a state root, what a key holds or that it holds nothing: `[[hash, ...], leaf]`,
/// the leaf `[path, value hash]` or null.
///
/// @param beside the hash beside each branch on the way, the root's first; at most 256
/// @param leaf what stands where the way ends: nothing, the key's own leaf, or that of another key,
///   which shows that this one is absent
public record StateProof(List<Hash> beside, Optional<ProvenLeaf> leaf) {

  /// The longest proof, in levels.
  public static final int LEVELS_MAX = 256;

  /// @param path the SHA-256 of a key
  /// @param value the SHA-256 of its value
  public record ProvenLeaf(Hash path, Hash value) {}

  public StateProof {
    beside = List.copyOf(beside);
    if (beside.size() > LEVELS_MAX) {
      throw new MalformedException("a state proof has at most 256 levels");
    }
  }

  /// Whether the state with this root holds exactly this under the key.
  ///
  /// @param value empty to check that the key is absent
  public boolean verify(Hash root, StateKey key, Optional<Bytes> value) {
    Hash path = key.path();
    boolean own = leaf.isPresent() && leaf.get().path().equals(path);
    if (value.isPresent()) {
      if (!own || !leaf.get().value().equals(Hash.sha256(value.get().toArrayUnsafe()))) {
        return false;
      }
    } else if (own
        || (leaf.isPresent() && leaf.get().path().commonPrefixBits(path) < beside.size())) {
      return false;
    }
    TreeHasher hasher = new TreeHasher();
    Hash hash = leaf.map(l -> hasher.leaf(l.path(), l.value()).hash()).orElse(Hash.ZERO);
    for (int level = beside.size() - 1; level >= 0; level--) {
      Hash other = beside.get(level);
      hash = path.bit(level) ? hasher.branch(other, hash) : hasher.branch(hash, other);
    }
    return hash.equals(root);
  }

  /// @throws MalformedException when the bytes are not a proof
  public static StateProof decode(byte[] encoded) {
    CborReader reader = new CborReader(encoded);
    reader.array(2);
    int levels = reader.array();
    List<Hash> beside = new ArrayList<>();
    for (int i = 0; i < levels; i++) {
      if (i == LEVELS_MAX) {
        throw new MalformedException("a state proof has at most 256 levels");
      }
      beside.add(Hash.of(reader.bytesOf(Hash.BYTES)));
    }
    Optional<ProvenLeaf> leaf = Optional.empty();
    if (!reader.tryNull()) {
      reader.array(2);
      Hash path = Hash.of(reader.bytesOf(Hash.BYTES));
      leaf = Optional.of(new ProvenLeaf(path, Hash.of(reader.bytesOf(Hash.BYTES))));
    }
    reader.end();
    return new StateProof(beside, leaf);
  }

  public Bytes encode() {
    CborWriter writer = new CborWriter().array(2).array(beside.size());
    beside.forEach(hash -> writer.bytes(hash.bytes()));
    leaf.ifPresentOrElse(
        l -> writer.array(2).bytes(l.path().bytes()).bytes(l.value().bytes()), writer::nul);
    return Bytes.wrap(writer.toBytes());
  }
}
