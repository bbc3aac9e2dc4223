package dev.cairn.simulator;

import dev.cairn.core.block.Block;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.transaction.Payload;
import dev.cairn.crypto.Ed25519Key;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// What differs between engines: how a node's engine is made, who checks certificates, and how a
/// dishonest node lies.
interface Side {

  ChainSpec spec();

  /// Keys of funded accounts, for load.
  List<Ed25519Key> accounts();

  /// A transaction of this engine's own kind, now and then: who sends what.
  Optional<Order> order(SimRandom random);

  /// @param from who signs it
  record Order(Ed25519Key from, Payload payload) {}

  /// A new engine for a node that starts.
  ///
  /// @param store that the node's ledger has opened
  Engine engine(int node, ChainStore store);

  /// Checks certificates, as far as the store tells the validators.
  SealVerifier seals(ChainStore store);

  /// Of a miner, in virtual time; for engines without miners anything.
  default double hashesPerSecond(int node) {
    return 1;
  }

  /// Why a block must not be final, besides what its execution shows.
  ///
  /// @param store the final chain up to its parent
  default Optional<String> fault(Block block, ChainStore store) {
    return Optional.empty();
  }

  /// The lies of this engine's dishonest nodes, dealt in turn.
  List<Fault> lies();

  Liar liar(World world, int node);

  /// The node that a key belongs to, or -1.
  int owner(Bytes key);

  /// Whether these nodes may all be dishonest and the chain's promises still hold.
  boolean tolerates(List<Integer> liars);
}
