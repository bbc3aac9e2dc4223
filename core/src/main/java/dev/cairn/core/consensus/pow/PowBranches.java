package dev.cairn.core.consensus.pow;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Header;
import dev.cairn.core.consensus.BranchRules;
import dev.cairn.multiformats.Cid;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/// Branches of proof of work: the header rules of spec/pow.md, and the work.
final class PowBranches implements BranchRules {

  private final PowRules rules;
  private final LongUnaryOperator finalTimes;

  /// @param finalTimes the header time, in milliseconds, of the final block at a height
  PowBranches(PowRules rules, LongUnaryOperator finalTimes) {
    this.rules = rules;
    this.finalTimes = finalTimes;
  }

  @Override
  public int depth() {
    return rules.finalityDepth();
  }

  /// The head is up to a depth above the final block, so the engine reaches as far as it has to.
  @Override
  public long gap() {
    return rules.catchUpBlocks() - depth();
  }

  @Override
  public Branch upon(long height, Cid block) {
    return new Headers(height, block);
  }

  private final class Headers implements Branch {

    /// Of the last blocks, that of height h at h modulo the length.
    private final long[] times = new long[PowRules.MEDIAN_BLOCKS];

    private long height;
    private Cid tip;
    private BigInteger work = BigInteger.ZERO;

    Headers(long height, Cid block) {
      this.height = height;
      this.tip = block;
      for (long h = Math.max(0, height - times.length + 1); h <= height; h++) {
        times[index(h)] = finalTimes.applyAsLong(h);
      }
    }

    private int index(long at) {
      return (int) (at % times.length);
    }

    private long median() {
      int count = (int) Math.min(times.length, height + 1);
      long[] sorted = Arrays.copyOf(times, count);
      Arrays.sort(sorted);
      return sorted[count / 2];
    }

    @Override
    public Verdict add(Header header, long wallMillis) {
      if (!header.parent().equals(Optional.of(tip))) {
        return Verdict.reject("header " + header.height() + " is not upon " + tip);
      }
      Optional<String> fault =
          rules.fault(header).or(() -> rules.fault(header, height, times[index(height)], median()));
      if (fault.isPresent()) {
        return Verdict.reject("header " + header.height() + ": " + fault.get());
      }
      if (header.time() > wallMillis + rules.aheadMillis()) {
        return Verdict.ignore("its time is too far ahead");
      }
      height++;
      tip = header.id();
      times[index(height)] = header.time();
      work = work.add(WorkTuple.decode(header.consensus()).target().work());
      return Verdict.accept();
    }

    @Override
    public BigInteger weight() {
      return work;
    }
  }
}
