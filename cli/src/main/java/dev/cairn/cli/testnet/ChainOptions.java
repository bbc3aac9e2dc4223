package dev.cairn.cli.testnet;

import dev.cairn.cli.CliException;
import dev.cairn.cli.node.NewChain;
import picocli.CommandLine.Option;

/// What a new chain is like.
final class ChainOptions {

  private static final long EPOCH_BLOCKS_MAX = 1_000_000;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "simplex, whose nodes vote (default), or pow, whose nodes mine.")
  private String engine = "";

  @Option(
      names = "--epoch-blocks",
      paramLabel = "N",
      description = "Blocks that one set of validators decides, on a new chain (default 1000).")
  private long epochBlocks;

  /// The name of the engine, which a folder that has a chain already decides.
  ///
  /// @param validators as the command was told; 0 when it was not
  String engine(TestnetFolder folder, int validators) {
    String existing = folder.existingEngine().orElse(engine.isEmpty() ? "simplex" : engine);
    if (!existing.equals("simplex") && !existing.equals("pow")) {
      throw CliException.usage("--engine takes simplex or pow, not '" + engine + "'");
    }
    if (!engine.isEmpty() && !engine.equals(existing)) {
      throw CliException.usage(
          folder.path() + " is a network of the engine " + existing + "; choose another --dir");
    }
    if (existing.equals("pow") && validators != 0) {
      throw CliException.usage("a network that is mined has no --validators");
    }
    return existing;
  }

  /// How many blocks one set of validators decides: few, to see sets change soon.
  ///
  /// @param kind the chain's engine
  long epochBlocks(TestnetFolder folder, String kind) {
    if (epochBlocks < 0 || epochBlocks > EPOCH_BLOCKS_MAX) {
      throw CliException.usage("--epoch-blocks takes 1 to " + EPOCH_BLOCKS_MAX);
    }
    if (epochBlocks > 0 && (folder.existingEngine().isPresent() || !kind.equals("simplex"))) {
      throw CliException.usage("--epoch-blocks is for a new network of validators");
    }
    return epochBlocks == 0 ? NewChain.EPOCH_BLOCKS : epochBlocks;
  }
}
