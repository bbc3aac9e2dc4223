package dev.cairn.core.light;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Header;
import dev.cairn.core.block.TransactionTree;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.consensus.simplex.CertificateVerifier;
import dev.cairn.core.consensus.simplex.HeaderTuple;
import dev.cairn.core.consensus.simplex.SignatureCheck;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.ValidatorSet;
import dev.cairn.core.light.Outcome.Proved;
import dev.cairn.core.light.Outcome.Refuted;
import dev.cairn.core.light.Outcome.Undecided;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateProof;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.Delete;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.MalformedException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;

/// Checks blocks, state and transactions of a Simplex chain from a chain spec and certificates,
/// executing nothing (spec/light.md). It knows the validators of one epoch and gets from there to
/// the next ones by their last blocks; what it is handed may come from anybody.
///
/// Immutable, without I/O and clock: how old a proved header is ([Header#time]) is for the caller
/// to judge.
public final class LightClient {

  private final SimplexRules rules;
  private final ValidatorSet set;
  private final long epoch;

  /// Trusted without a certificate: the genesis block or the checkpoint.
  private final Checkpoint anchor;

  private LightClient(SimplexRules rules, ValidatorSet set, long epoch, Checkpoint anchor) {
    this.rules = rules;
    this.set = set;
    this.epoch = epoch;
    this.anchor = anchor;
  }

  /// A client that trusts a chain's first validators.
  ///
  /// @return undecided for a chain whose blocks have no certificates
  public static Outcome<LightClient> atGenesis(ChainSpec spec) {
    if (!(spec.engine() instanceof SimplexParams simplex)) {
      return noCertificates(spec);
    }
    Checkpoint genesis = new Checkpoint(0, spec.genesis().id());
    return new Proved<>(at(spec, simplex, new ValidatorSet(simplex.validators()), 0, genesis));
  }

  /// A client that trusts a block of a chain, and what its header says of validators.
  ///
  /// @param header said to be that block's
  /// @param validators said to be those of its epoch, ascending by key
  public static Outcome<LightClient> atCheckpoint(
      ChainSpec spec, Checkpoint checkpoint, Header header, List<ValidatorEntry> validators) {
    if (!(spec.engine() instanceof SimplexParams simplex)) {
      return noCertificates(spec);
    }
    if (!header.id().equals(checkpoint.block()) || header.height() != checkpoint.height()) {
      return new Refuted<>("the header is not the checkpoint's");
    }
    return tuple(header)
        .then(tuple -> set(validators, tuple.validators()))
        .then(s -> new Proved<>(at(spec, simplex, s, header.height(), checkpoint)));
  }

  private static Outcome<LightClient> noCertificates(ChainSpec spec) {
    return new Undecided<>(
        "blocks of engine '"
            + spec.engine().name()
            + "' have no certificates, so only a node that follows the chain can check them");
  }

  private static LightClient at(
      ChainSpec spec, SimplexParams simplex, ValidatorSet set, long height, Checkpoint anchor) {
    Hash chainId = spec.chainId();
    SimplexRules all =
        new SimplexRules(
            simplex.epochBlocks(),
            simplex.longestSilenceMillis(),
            e -> Optional.empty(),
            h -> new SigningDomain(chainId, spec.forkVersion(h)),
            SignatureCheck.ED25519);
    return new LightClient(all, set, all.epochOf(height), anchor);
  }

  /// The epoch whose validators this client knows.
  public long epoch() {
    return epoch;
  }

  /// The epoch of a height.
  public long epochOf(long height) {
    return rules.epochOf(height);
  }

  public ValidatorSet validators() {
    return set;
  }

  /// Goes on to the next epoch.
  public Outcome<LightClient> advance(EpochEnd end) {
    Header header = end.header();
    if (!rules.lastOfEpoch(header.height()) || rules.epochOf(header.height()) != epoch) {
      return new Refuted<>("block " + header.height() + " is not the last of epoch " + epoch);
    }
    return certified(header, end.certificate())
        .then(LightClient::tuple)
        .then(
            tuple ->
                end.next().isPresent()
                    ? set(end.next().get(), tuple.nextValidators())
                    : unchanged(tuple))
        .then(next -> new Proved<>(new LightClient(rules, next, epoch + 1, anchor)));
  }

  private Outcome<ValidatorSet> unchanged(HeaderTuple tuple) {
    return tuple.nextValidators().equals(set.hash())
        ? new Proved<>(set)
        : new Refuted<>("the validators of epoch " + (epoch + 1) + " changed and are not shown");
  }

  /// Checks that a block is final.
  public Outcome<Header> block(FinalityProof proof) {
    List<Header> headers = proof.headers();
    for (int i = 1; i < headers.size(); i++) {
      Header child = headers.get(i);
      Header parent = headers.get(i - 1);
      if (child.height() != parent.height() + 1
          || !child.parent().equals(Optional.of(parent.id()))) {
        return new Refuted<>("the headers do not follow each other");
      }
    }
    for (Header header : headers) {
      if (header.height() == anchor.height() && !header.id().equals(anchor.block())) {
        return new Refuted<>("another block at the trusted height " + anchor.height());
      }
    }
    Header last = headers.getLast();
    return last.id().equals(anchor.block())
        ? new Proved<>(proof.block())
        : certified(last, proof.certificate()).then(header -> new Proved<>(proof.block()));
  }

  /// Checks what the state after a final block holds under a key.
  ///
  /// @param value empty when it is said to hold nothing
  public Outcome<Header> value(
      FinalityProof finality, StateKey key, Optional<Bytes> value, StateProof proof) {
    return block(finality)
        .then(
            header ->
                proof.verify(header.fields().stateRoot(), key, value)
                    ? new Proved<>(header)
                    : new Refuted<>(
                        "the state proof does not show "
                            + (value.isPresent() ? "that value" : "that there is none")));
  }

  /// Checks that a transaction is in a final block. All transactions of a block have succeeded.
  public Outcome<Header> transaction(
      FinalityProof finality, Transaction transaction, TransactionProof proof) {
    return block(finality)
        .then(
            header ->
                TransactionTree.verify(
                        header.fields().txRoot(),
                        transaction.id(),
                        proof.index(),
                        proof.count(),
                        proof.path())
                    ? new Proved<>(header)
                    : new Refuted<>("the transaction is not shown to be in the block"));
  }

  /// Checks an earlier version of a record by the transaction that wrote it. Such a transaction
  /// shows the number of the version only when it says which one it replaces.
  public Outcome<RecordEntry> version(
      FinalityProof finality,
      Transaction transaction,
      TransactionProof proof,
      Address owner,
      String name,
      long version) {
    return transaction(finality, transaction, proof)
        .then(header -> written(transaction, owner, name, version));
  }

  private static Outcome<RecordEntry> written(
      Transaction transaction, Address owner, String name, long version) {
    Optional<RecordValue> value;
    OptionalLong expected;
    boolean same;
    switch (transaction.payload()) {
      case Put put -> {
        value = Optional.of(put.value());
        expected = put.expected();
        same = put.name().equals(name);
      }
      case Delete delete -> {
        value = Optional.empty();
        expected = delete.expected();
        same = delete.name().equals(name);
      }
      default -> {
        return new Refuted<>("the transaction writes no record");
      }
    }
    if (!same || !transaction.sender().equals(owner)) {
      return new Refuted<>("the transaction writes another record");
    }
    if (expected.isEmpty()) {
      return new Undecided<>(
          "transaction "
              + transaction.id()
              + " wrote the record and is final, but it does not say which version it replaced,"
              + " so that it wrote version "
              + version
              + " cannot be proved");
    }
    return expected.getAsLong() == version - 1
        ? new Proved<>(new RecordEntry(owner, version, value, transaction.id()))
        : new Refuted<>("the transaction wrote version " + (expected.getAsLong() + 1));
  }

  /// Whether a quorum of this epoch's validators made a block final.
  private Outcome<Header> certified(Header header, Bytes certificate) {
    long of = rules.epochOf(header.height());
    if (header.height() == 0) {
      return new Refuted<>("another genesis block than the chain spec's");
    }
    if (of != epoch) {
      return new Undecided<>(
          "block " + header.height() + " is of epoch " + of + ", and this client is at " + epoch);
    }
    SimplexRules known =
        new SimplexRules(
            rules.epochBlocks(),
            rules.longestSilenceMillis(),
            e -> Optional.of(set),
            rules.domains(),
            rules.signatures());
    return switch (new CertificateVerifier(known).verify(header, certificate)) {
      case Verdict.Accept _ -> named(header);
      case Verdict.Reject(String reason) -> notFinal(header, reason);
      case Verdict.Ignore(String reason) -> notFinal(header, reason);
    };
  }

  private static Outcome<Header> notFinal(Header header, String reason) {
    return new Refuted<>("block " + header.height() + " is not shown to be final: " + reason);
  }

  /// Whether the header names this epoch and its validators.
  private Outcome<Header> named(Header header) {
    return tuple(header)
        .then(
            tuple ->
                tuple.epoch() == epoch && tuple.validators().equals(set.hash())
                    ? new Proved<>(header)
                    : new Refuted<>("block " + header.height() + " names other validators"));
  }

  private static Outcome<HeaderTuple> tuple(Header header) {
    try {
      return new Proved<>(HeaderTuple.decode(header.consensus()));
    } catch (MalformedException e) {
      return new Refuted<>("block " + header.height() + " is not of a Simplex chain");
    }
  }

  /// The set with a hash that a trusted header holds.
  private static Outcome<ValidatorSet> set(List<ValidatorEntry> validators, Hash hash) {
    try {
      ValidatorSet set = new ValidatorSet(validators);
      return set.hash().equals(hash)
          ? new Proved<>(set)
          : new Refuted<>("the validators are not those that the header names");
    } catch (IllegalArgumentException | ArithmeticException e) {
      return new Refuted<>("the validators are no set: " + e.getMessage());
    }
  }
}
