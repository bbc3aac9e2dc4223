package dev.cairn.core.consensus.pow;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.Target;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Body;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.PowParams;
import dev.cairn.core.consensus.Tip;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A proof-of-work chain whose blocks take a few hashes, and blocks for it. Their state roots are
/// made up, so that a ledger is not needed.
final class PowChain {

  static final long INTERVAL = 1_000;
  static final long GENESIS = TestChain.GENESIS_TIME;

  private final ChainSpec spec;
  private final PowRules rules;

  PowChain(int finalityDepth) {
    spec =
        new ChainSpec(
            "work",
            new PowParams(INTERVAL, 20_000, 16, 2, finalityDepth),
            GENESIS,
            List.of(new GenesisAccount(new TestChain(1).address(0), TestChain.FUNDS)),
            1,
            200_000,
            List.of(1, 2, 3),
            List.of());
    rules = PowRules.of(spec);
  }

  ChainSpec spec() {
    return spec;
  }

  PowRules rules() {
    return rules;
  }

  Block genesis() {
    return spec.genesis();
  }

  Tip tip() {
    return new Tip(genesis().id(), 0, GENESIS, Bytes.EMPTY);
  }

  static Address miner(String name) {
    return Address.of(Hash.sha256(name.getBytes(StandardCharsets.UTF_8)).bytes());
  }

  Target targetAfter(Block parent) {
    return rules.target(parent.height(), parent.header().time());
  }

  /// A good block, `interval` milliseconds after its parent.
  Block block(Block parent, String name, long interval) {
    return block(parent, name, parent.header().time() + interval, targetAfter(parent));
  }

  Block block(Block parent, String name, long time, Target target) {
    return mine(template(parent, name, time, target));
  }

  Block template(Block parent, String name, long time, Target target) {
    return Block.seal(
        parent.height() + 1,
        time,
        Optional.of(parent.id()),
        Body.of(List.of()),
        Hash.sha256(name.getBytes(StandardCharsets.UTF_8)),
        new WorkTuple(target, miner(name)).encode(),
        Sealer.NONE);
  }

  Block mine(Block template) {
    long nonce = rules.puzzle(template.header()).search(0, 1 << 24).orElseThrow();
    return PowRules.solve(template, nonce);
  }
}
