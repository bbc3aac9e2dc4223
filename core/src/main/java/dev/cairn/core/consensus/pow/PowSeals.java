package dev.cairn.core.consensus.pow;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Header;
import dev.cairn.core.consensus.SealVerifier;
import org.apache.tuweni.bytes.Bytes;

/// Proof of work has no certificates: no block is final by itself, but only by the work upon it.
public final class PowSeals implements SealVerifier {

  /// Knows no work yet.
  public PowSeals() {}

  @Override
  public Verdict verify(Header header, Bytes certificate) {
    return Verdict.ignore("finality comes with work, not with a certificate");
  }

  @Override
  public long reach(long claimedHeight) {
    return 0;
  }

  @Override
  public Address feeReceiver(Header header) {
    return WorkTuple.decode(header.consensus()).miner();
  }
}
