package dev.cairn.core.consensus.pow;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Header;
import dev.cairn.core.consensus.BranchRules;
import dev.cairn.core.consensus.SealVerifier;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.apache.tuweni.bytes.Bytes;

/// Proof of work has no certificates: no block is final by itself, but only by the work upon it.
public final class PowSeals implements SealVerifier {

  private final BranchRules branches;

  /// @param finalTimes the header time, in milliseconds, of the final block at a height
  public PowSeals(PowRules rules, LongUnaryOperator finalTimes) {
    this.branches = new PowBranches(rules, finalTimes);
  }

  @Override
  public Verdict verify(Header header, Bytes certificate) {
    return Verdict.ignore("finality comes with work, not with a certificate");
  }

  @Override
  public Optional<BranchRules> branches() {
    return Optional.of(branches);
  }

  @Override
  public Address feeReceiver(Header header) {
    return WorkTuple.decode(header.consensus()).miner();
  }
}
