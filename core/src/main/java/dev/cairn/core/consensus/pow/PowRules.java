package dev.cairn.core.consensus.pow;

import dev.cairn.core.Hash;
import dev.cairn.core.Target;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Header;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.PowParams;
import dev.cairn.core.consensus.Puzzle;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.Slice;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.tuweni.bytes.Bytes;

/// What all nodes of a proof-of-work chain agree on (spec/pow.md). Immutable, if the domains are;
/// for any thread.
public final class PowRules {

  /// The kind under which a header is worked on.
  public static final String KIND = "work";

  /// Times whose median a block's must be above.
  static final int MEDIAN_BLOCKS = 11;

  private static final long CATCH_UP_BLOCKS = 64;

  /// A block is not taken up while it is further ahead of the local clock than so many intervals.
  private static final long AHEAD_INTERVALS = 12;

  private static final long AHEAD_MILLIS_MIN = 5_000;
  private static final long AHEAD_MILLIS_MAX = 2 * 60 * 60 * 1_000L;

  private final PowParams params;
  private final long genesisMillis;
  private final LongFunction<SigningDomain> domains;
  private final Target easiest;
  private final Asert asert;
  private final int blockBytesMax;

  private PowRules(ChainSpec spec, PowParams params) {
    this.params = params;
    this.genesisMillis = spec.genesisTimeMillis();
    Hash chainId = spec.chainId();
    this.domains = height -> new SigningDomain(chainId, spec.forkVersion(height));
    this.blockBytesMax = spec.blockBytesMax();
    this.easiest = Target.ofDifficulty(params.leastDifficulty());
    this.asert =
        new Asert(
            Target.ofDifficulty(params.difficulty()),
            easiest,
            params.blockIntervalMillis(),
            params.halfLifeMillis());
  }

  /// @throws IllegalArgumentException when the chain has another engine
  public static PowRules of(ChainSpec spec) {
    if (spec.engine() instanceof PowParams params) {
      return new PowRules(spec, params);
    }
    throw new IllegalArgumentException("a chain of another engine");
  }

  public PowParams params() {
    return params;
  }

  int finalityDepth() {
    return params.finalityDepth();
  }

  /// Bytes of all blocks that are held and not final: a branch, another, and some more.
  long openBytesMax() {
    return 3L * params.finalityDepth() * blockBytesMax;
  }

  /// Heights above the final one up to which blocks are fetched one by one: ranges end a depth
  /// below what peers have as final, and that is a depth below their heads.
  long catchUpBlocks() {
    return CATCH_UP_BLOCKS + 2L * params.finalityDepth();
  }

  long aheadMillis() {
    return Math.clamp(
        AHEAD_INTERVALS * params.blockIntervalMillis(), AHEAD_MILLIS_MIN, AHEAD_MILLIS_MAX);
  }

  /// The target of the block after a parent. The genesis block is the anchor, and its parent is
  /// taken to be one interval older.
  public Target target(long parentHeight, long parentMillis) {
    long sinceAnchor = parentMillis - genesisMillis + params.blockIntervalMillis();
    return asert.after(sinceAnchor, parentHeight);
  }

  /// What a header asks of its miner.
  ///
  /// @throws MalformedException when its tuple is malformed
  public Puzzle puzzle(Header header) {
    return puzzle(header, WorkTuple.decode(header.consensus()).target());
  }

  private Puzzle puzzle(Header header, Target target) {
    Slice fields = header.signed();
    byte[] message = domains.apply(header.height()).message(KIND, fields);
    return new Puzzle(Hash.sha256(message), target);
  }

  /// The block with a nonce as its seal.
  static Block solve(Block template, long nonce) {
    return template.withSeal(
        Bytes.wrap(ByteBuffer.allocate(Puzzle.NONCE_BYTES).putLong(nonce).array()));
  }

  /// Why nobody honest sends a block with this header, whatever came before it; empty when there is
  /// nothing to be said against it.
  Optional<String> fault(Header header) {
    Target target;
    try {
      target = WorkTuple.decode(header.consensus()).target();
    } catch (MalformedException e) {
      return Optional.of("its consensus tuple is malformed: " + e.getMessage());
    }
    if (target.value().compareTo(easiest.value()) > 0) {
      return Optional.of("its target " + target + " is easier than any of this chain");
    }
    Bytes seal = header.seal().orElse(Bytes.EMPTY);
    if (seal.size() != Puzzle.NONCE_BYTES) {
      return Optional.of("its seal is not a nonce");
    }
    return puzzle(header, target).solvedBy(seal.getLong(0))
        ? Optional.empty()
        : Optional.of("its nonce does not meet its target");
  }

  /// Why a header must not follow its parent; empty when it may. It has no [#fault(Header)].
  ///
  /// @param medianMillis of the last [#MEDIAN_BLOCKS] blocks up to the parent
  Optional<String> fault(Header header, long parentHeight, long parentMillis, long medianMillis) {
    if (header.height() != parentHeight + 1) {
      return Optional.of("height " + header.height() + " upon " + parentHeight);
    }
    if (header.time() <= medianMillis) {
      return Optional.of("its time is not above the median of the blocks before it");
    }
    Target target = target(parentHeight, parentMillis);
    if (!WorkTuple.decode(header.consensus()).target().equals(target)) {
      return Optional.of("its target is not " + target + ", which follows from its parent");
    }
    return Optional.empty();
  }
}
