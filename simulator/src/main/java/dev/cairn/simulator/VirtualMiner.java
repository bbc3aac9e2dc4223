package dev.cairn.simulator;

import dev.cairn.core.consensus.Puzzle;
import java.util.function.LongConsumer;

/// A miner whose hashes take virtual time: when it finds a nonce is drawn, the nonce itself is
/// real. Drawing anew for each puzzle changes nothing, since luck has no memory.
///
/// Owner: its [SimNode].
final class VirtualMiner {

  private static final double NANOS = 1e9;

  private final World world;
  private final SimRandom random;
  private final double hashesPerSecond;
  private long current;

  VirtualMiner(World world, SimRandom random, double hashesPerSecond) {
    this.world = world;
    this.random = random;
    this.hashesPerSecond = hashesPerSecond;
  }

  /// Looks for a nonce in place of what it looked for before.
  void mine(Puzzle puzzle, LongConsumer found) {
    long number = ++current;
    double mean = puzzle.target().work().doubleValue() / hashesPerSecond;
    double seconds = -StrictMath.log(1 - random.nextDouble()) * mean;
    long first = random.nextLong();
    world
        .schedule()
        .after(
            (long) (seconds * NANOS),
            () -> {
              if (number == current) {
                found.accept(puzzle.search(first, Long.MAX_VALUE).orElseThrow());
              }
            });
  }

  void stop() {
    current++;
  }
}
