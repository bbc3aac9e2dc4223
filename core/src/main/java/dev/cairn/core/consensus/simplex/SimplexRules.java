package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.block.Header;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.ExtensionParams;
import dev.cairn.core.chainspec.PowParams;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.ledger.ChainStore;
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
/// @param sets the validators of an epoch, empty while they are not known here; when a block is
///   final, those of the epoch that follows it and of the one after that are
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

  /// The rules of a chain, as far as the chain spec alone tells its validators: for ever when they
  /// never change, else for the first two epochs.
  public static SimplexRules of(ChainSpec spec) {
    return of(spec, ValidatorSets.fixed(spec));
  }

  /// The rules of a chain whose validators are those of the final state.
  ///
  /// @param store that the chain's ledger has opened; it is read by whatever thread uses the rules
  public static SimplexRules of(ChainSpec spec, ChainStore store) {
    return of(spec, ValidatorSets.of(spec, store));
  }

  private static SimplexRules of(ChainSpec spec, LongFunction<Optional<ValidatorSet>> sets) {
    Hash chainId = spec.chainId();
    return switch (spec.engine()) {
      case SimplexParams simplex ->
          new SimplexRules(
              simplex.epochBlocks(),
              simplex.longestSilenceMillis(),
              sets,
              height -> new SigningDomain(chainId, spec.forkVersion(height)),
              SignatureCheck.ED25519);
      case PowParams _, ExtensionParams _ ->
          throw new IllegalArgumentException("a chain of another engine");
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

  /// The highest height whose certificates can be verified once the block of this height is final:
  /// the sets of the epoch that follows it and of the one after that are known then.
  public long horizon(long finalHeight) {
    if (set(Long.MAX_VALUE).isPresent()) {
      return Long.MAX_VALUE; // They never change.
    }
    return (finalHeight / epochBlocks + 2) * epochBlocks;
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
    Optional<String> tupleFault = tupleFault(header);
    if (tupleFault.isPresent()) {
      return tupleFault;
    }
    Address proposer = HeaderTuple.decode(header.consensus()).proposer();
    return sealed(header, set(epochOf(header.height())).orElseThrow(), proposer)
        ? Optional.empty()
        : Optional.of("its seal is not that of a validator with its proposer's account");
  }

  /// Whether the sets that a header of this height names are known here, so that it can be judged.
  boolean knows(long height) {
    long epoch = epochOf(height);
    return set(epoch).isPresent() && set(epoch + 1).isPresent();
  }

  /// Why a header's consensus tuple is not that of its height; empty when it is. The sets have to
  /// be known.
  Optional<String> tupleFault(Header header) {
    HeaderTuple tuple;
    try {
      tuple = HeaderTuple.decode(header.consensus());
    } catch (MalformedException e) {
      return Optional.of("its consensus tuple is malformed: " + e.getMessage());
    }
    return tuple(epochOf(header.height()), tuple.proposer()).equals(Optional.of(tuple))
        ? Optional.empty()
        : Optional.of("its consensus tuple names another epoch or other validators");
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
