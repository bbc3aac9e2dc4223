package dev.cairn.core.consensus.pow;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.Target;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Body;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.Puzzle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Blocks and targets for the vectors, whose test sees no more than others do.
public final class PowSamples {

  private PowSamples() {}

  /// Empty blocks upon the genesis block, after these times in milliseconds each.
  public static List<Block> chain(ChainSpec spec, long... intervals) {
    PowRules rules = PowRules.of(spec);
    List<Block> blocks = new ArrayList<>();
    Block parent = spec.genesis();
    for (long interval : intervals) {
      Target target = rules.target(parent.height(), parent.header().time());
      Address miner = Address.of(Hash.sha256(new byte[] {(byte) parent.height()}).bytes());
      Block template =
          Block.seal(
              parent.height() + 1,
              parent.header().time() + interval,
              Optional.of(parent.id()),
              Body.of(List.of()),
              spec.genesis().header().fields().stateRoot(),
              new WorkTuple(target, miner).encode(),
              Sealer.NONE);
      long nonce = rules.puzzle(template.header()).search(0, 1L << 30).orElseThrow();
      parent = PowRules.solve(template, nonce);
      blocks.add(parent);
    }
    return blocks;
  }

  public static Hash challenge(ChainSpec spec, Block block) {
    return PowRules.of(spec).puzzle(block.header()).challenge();
  }

  /// The same block with the next nonce that does not do the work.
  public static Block unworked(ChainSpec spec, Block block) {
    Puzzle puzzle = PowRules.of(spec).puzzle(block.header());
    long nonce = 0;
    while (puzzle.solvedBy(nonce)) {
      nonce++;
    }
    return PowRules.solve(block, nonce);
  }
}
