package dev.cairn.simulator;

import java.util.OptionalInt;

/// What is simulated. What is not given, each seed draws for itself.
///
/// @param nodes validators, or miners
/// @param observers nodes that only follow
/// @param blocks at least so many become final in each seed
/// @param byzantine validators that lie, under a third of the stake; empty for as many as that
///   allows
/// @param lossPerMille of 1,000 messages, how many vanish in a storm
/// @param delayMicros the longest delay in a storm, tails aside, in microseconds
/// @param duplicate whether messages are doubled
/// @param reorder whether messages overtake one another
public record Scenario(
    EngineKind engine,
    int nodes,
    int observers,
    int blocks,
    OptionalInt byzantine,
    OptionalInt lossPerMille,
    OptionalInt delayMicros,
    boolean duplicate,
    boolean reorder,
    Break broken) {

  public static final int NODES_MAX = 64;
  public static final int BLOCKS_MAX = 100_000;

  /// Engines that can be simulated.
  public enum EngineKind {
    SIMPLEX,
    POW
  }

  /// Seven nodes, one follower, and whatever the seed draws.
  public static Scenario of(EngineKind engine) {
    OptionalInt drawn = OptionalInt.empty();
    return new Scenario(engine, 7, 1, 100, drawn, drawn, drawn, true, true, Break.NONE);
  }

  public Scenario {
    if (nodes < 1 || nodes + observers > NODES_MAX || observers < 0) {
      throw new IllegalArgumentException(
          "1 to " + NODES_MAX + " nodes can be simulated, not " + nodes);
    }
    if (engine == EngineKind.POW && broken != Break.NONE) {
      throw new IllegalArgumentException("only rules of Simplex can be left out");
    }
    if (blocks < 1 || blocks > BLOCKS_MAX) {
      throw new IllegalArgumentException("1 to " + BLOCKS_MAX + " blocks, not " + blocks);
    }
  }
}
