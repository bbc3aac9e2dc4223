package dev.cairn.core.chainspec;

import dev.cairn.core.Address;
import dev.cairn.core.Target;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// Proof of work: `["pow", blockInterval, halfLife, difficulty, leastDifficulty, finalityDepth]`
/// (spec/pow.md).
///
/// @param blockIntervalMillis the time between two blocks that the difficulty aims at
/// @param halfLifeMillis a chain that is so far behind its schedule has its difficulty halved
/// @param difficulty hashes that the first block takes on average
/// @param leastDifficulty what the difficulty never falls below, in hashes
/// @param finalityDepth confirmations, its own block counted, that make a block final
public record PowParams(
    long blockIntervalMillis,
    long halfLifeMillis,
    long difficulty,
    long leastDifficulty,
    int finalityDepth)
    implements EngineParams {

  public static final String NAME = "pow";

  public static final int FINALITY_DEPTH_DEFAULT = 32;

  /// Blocks that are not final are held in memory.
  public static final int FINALITY_DEPTH_MAX = 128;

  /// Bytes of all blocks of one branch that are not final.
  public static final long OPEN_BYTES_MAX = 40_000_000;

  public static final long BLOCK_INTERVAL_MILLIS_MIN = 10;
  public static final long BLOCK_INTERVAL_MILLIS_MAX = 24 * 60 * 60 * 1000L;
  public static final long HALF_LIFE_MILLIS_MAX = 1L << 40;

  public PowParams {
    require(
        blockIntervalMillis >= BLOCK_INTERVAL_MILLIS_MIN
            && blockIntervalMillis <= BLOCK_INTERVAL_MILLIS_MAX,
        "the time between blocks is 10 ms to a day, not " + blockIntervalMillis + " ms");
    require(
        halfLifeMillis >= blockIntervalMillis && halfLifeMillis <= HALF_LIFE_MILLIS_MAX,
        "the half-life of the difficulty is one block's time to 2^40 ms, not " + halfLifeMillis);
    require(
        leastDifficulty >= Target.DIFFICULTY_MIN && leastDifficulty <= difficulty,
        "the least difficulty is 2 up to the difficulty, not " + leastDifficulty);
    require(
        difficulty <= Target.DIFFICULTY_MAX,
        "the difficulty is at most 2^62 hashes, not " + difficulty);
    require(
        finalityDepth >= 1 && finalityDepth <= FINALITY_DEPTH_MAX,
        "the finality depth is 1 to " + FINALITY_DEPTH_MAX + ", not " + finalityDepth);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<ValidatorEntry> validators() {
    return List.of();
  }

  /// Blocks of several miners, whose clocks differ: the median of eleven rises, not each time.
  @Override
  public boolean timesRise() {
    return false;
  }

  @Override
  public boolean certified() {
    return false;
  }

  /// `[target, miner]`: the first block's target, and nobody.
  @Override
  public Bytes genesisConsensus() {
    CborWriter writer = new CborWriter().array(2).uint(Target.ofDifficulty(difficulty).compact());
    return Bytes.wrap(writer.bytes(new byte[Address.BYTES]).toBytes());
  }

  @Override
  public void write(CborWriter writer) {
    writer.array(6).text(NAME).uint(blockIntervalMillis).uint(halfLifeMillis);
    writer.uint(difficulty).uint(leastDifficulty).uint(finalityDepth);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new ChainSpecException(otherwise);
    }
  }
}
