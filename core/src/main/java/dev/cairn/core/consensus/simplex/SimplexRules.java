package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Address;
import dev.cairn.core.block.Header;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.multiformats.MalformedException;
import java.util.Optional;
import java.util.function.LongFunction;
import org.apache.tuweni.bytes.Bytes;

/// What all nodes of a chain agree on about Simplex, from the chain spec. Immutable, if what it is
/// given is.
///
/// @param epochBlocks heights in an epoch, at least 1: epoch e has the heights e*N+1 to (e+1)*N
/// @param longestSilenceMillis the time after which a block is made even with nothing to put in it
/// @param sets the validators of an epoch, empty while they are not known here
/// @param domains the signing domain at a height
/// @param signatures checks all signatures of validators
public record SimplexRules(
    long epochBlocks,
    long longestSilenceMillis,
    LongFunction<Optional<ValidatorSet>> sets,
    LongFunction<SigningDomain> domains,
    SignatureCheck signatures) {

  public SimplexRules {
    if (epochBlocks < 1 || longestSilenceMillis < 1) {
      throw new IllegalArgumentException("an epoch and the longest silence are at least 1");
    }
  }

  /// The rules of a chain whose validators are those that it started with.
  public static SimplexRules of(ChainSpec spec) {
    return switch (spec.engine()) {
      case SimplexParams simplex -> {
        Optional<ValidatorSet> set = Optional.of(new ValidatorSet(simplex.validators()));
        yield new SimplexRules(
            simplex.epochBlocks(),
            simplex.longestSilenceMillis(),
            e -> set,
            spec::domainAt,
            SignatureCheck.ED25519);
      }
    };
  }

  /// The epoch of a height; genesis counts to the first.
  public long epochOf(long height) {
    return height == 0 ? 0 : (height - 1) / epochBlocks;
  }

  /// Whether the block at this height ends its epoch, so that it needs a finalize certificate of
  /// its own.
  public boolean lastOfEpoch(long height) {
    return height > 0 && height % epochBlocks == 0;
  }

  public Optional<ValidatorSet> set(long epoch) {
    return sets.apply(epoch);
  }

  /// The domain of proposals and votes in an epoch: that of its first height, so that an upgrade
  /// takes effect for them where the first epoch begins at or above its height.
  public SigningDomain voteDomain(long epoch) {
    return domains.apply(epoch * epochBlocks + 1);
  }

  /// The tuple of a header that a validator of the epoch makes; empty when a set is not known.
  Optional<HeaderTuple> tuple(long epoch, Address proposer) {
    Optional<ValidatorSet> next = set(epoch + 1);
    return set(epoch)
        .filter(s -> next.isPresent())
        .map(s -> new HeaderTuple(epoch, proposer, s.hash(), next.get().hash()));
  }

  /// Makes the seal of a header: the proposer's signature over its fields.
  Sealer sealer(Signer key) {
    return (height, fields) -> {
      byte[] message = domains.apply(height).message(SigningDomain.BLOCK, fields);
      return Optional.of(Bytes.wrap(key.sign(message)));
    };
  }

  /// Why a header must not follow a parent of this height and time; empty when it may. The parent's
  /// CID has been compared already.
  Optional<String> fault(Header header, long parentHeight, long parentTime) {
    if (header.height() != parentHeight + 1) {
      return Optional.of("height " + header.height() + " upon " + parentHeight);
    }
    if (header.time() <= parentTime) {
      return Optional.of("its time is not above its parent's");
    }
    HeaderTuple tuple;
    try {
      tuple = HeaderTuple.decode(header.consensus());
    } catch (MalformedException e) {
      return Optional.of("its consensus tuple is malformed: " + e.getMessage());
    }
    long epoch = epochOf(header.height());
    if (!tuple(epoch, tuple.proposer()).equals(Optional.of(tuple))) {
      return Optional.of("its consensus tuple names another epoch or other validators");
    }
    return sealed(header, set(epoch).orElseThrow(), tuple.proposer())
        ? Optional.empty()
        : Optional.of("its seal is not that of a validator with its proposer's account");
  }

  private boolean sealed(Header header, ValidatorSet set, Address proposer) {
    byte[] message = domains.apply(header.height()).message(SigningDomain.BLOCK, header.signed());
    byte[] seal = header.seal().orElse(Bytes.EMPTY).toArrayUnsafe();
    for (int i = 0; i < set.size(); i++) {
      if (set.get(i).account().equals(proposer) && signatures.verify(set.key(i), message, seal)) {
        return true;
      }
    }
    return false;
  }
}
