package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Header;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.multiformats.MalformedException;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Whether a certificate makes a block of a Simplex chain final. One signature check for each
/// signer; no state.
public final class CertificateVerifier implements SealVerifier {

  private final SimplexRules rules;

  public CertificateVerifier(SimplexRules rules) {
    this.rules = rules;
  }

  /// With the validators that the chain spec tells: for ever when they never change, else of the
  /// first two epochs.
  public static CertificateVerifier of(ChainSpec spec) {
    return new CertificateVerifier(SimplexRules.of(spec));
  }

  @Override
  public Verdict verify(Header header, Bytes certificate) {
    Certificate decoded;
    try {
      decoded = Certificate.decode(certificate.toArrayUnsafe());
    } catch (MalformedException e) {
      return Verdict.reject("a malformed certificate: " + e.getMessage());
    }
    if (!(decoded.statement() instanceof Finalize f) || !f.block().equals(header.id())) {
      return Verdict.reject("a certificate for something else");
    }
    long epoch = rules.epochOf(header.height());
    if (f.epoch() != epoch || header.height() == 0) {
      return Verdict.reject("a certificate of epoch " + f.epoch() + " instead of " + epoch);
    }
    Optional<ValidatorSet> set = rules.set(epoch);
    if (set.isEmpty()) {
      return Verdict.ignore("the validators of epoch " + epoch + " are not known");
    }
    return decoded.verify(set.get(), rules.voteDomain(epoch), rules.signatures())
        ? Verdict.accept()
        : Verdict.reject("a certificate without a quorum of good signatures");
  }

  @Override
  public long horizon(long finalHeight) {
    return rules.horizon(finalHeight);
  }

  @Override
  public Optional<String> tupleFault(Header header) {
    return rules.tupleFault(header);
  }

  @Override
  public Address feeReceiver(Header header) {
    return HeaderTuple.decode(header.consensus()).proposer();
  }
}
