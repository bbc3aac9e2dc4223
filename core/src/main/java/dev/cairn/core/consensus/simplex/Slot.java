package dev.cairn.core.consensus.simplex;

import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import dev.cairn.multiformats.Cid;
import java.util.BitSet;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// What is known of one slot: the leader's proposal, at most three votes of each validator, and the
/// certificates. Everything in it has been verified.
///
/// Owner: its [Instance].
final class Slot {

  private final long number;
  private final ValidatorSet set;
  private final @Nullable Vote[] notarize;
  private final @Nullable Vote[] skip;
  private final @Nullable Vote[] finalize;
  private final BitSet offenders = new BitSet();
  private @Nullable Proposal proposal;
  private @Nullable Certificate notarized;
  private @Nullable Certificate skipped;

  Slot(long number, ValidatorSet set) {
    this.number = number;
    this.set = set;
    this.notarize = new Vote[set.size()];
    this.skip = new Vote[set.size()];
    this.finalize = new Vote[set.size()];
  }

  long number() {
    return number;
  }

  /// The first proposal of the slot's leader.
  Optional<Proposal> proposal() {
    return Optional.ofNullable(proposal);
  }

  void propose(Proposal first) {
    proposal = first;
  }

  /// The certificate that the slot's block is notarized.
  Optional<Certificate> notarized() {
    return Optional.ofNullable(notarized);
  }

  /// The certificate that the slot is skipped.
  Optional<Certificate> skipped() {
    return Optional.ofNullable(skipped);
  }

  Optional<Cid> notarizedBlock() {
    return notarized != null && notarized.statement() instanceof Notarize n
        ? Optional.of(n.block())
        : Optional.empty();
  }

  /// Keeps a certificate other than a finalize certificate, which its instance keeps.
  void certify(Certificate certificate) {
    switch (certificate.statement()) {
      case Notarize n -> notarized = certificate;
      case Skip s -> skipped = certificate;
      case Finalize f -> throw new IllegalArgumentException("a slot keeps no finalize certificate");
    }
  }

  /// Whether anybody proposed or voted here.
  boolean active() {
    if (proposal != null) {
      return true;
    }
    for (int i = 0; i < set.size(); i++) {
      if (votedBy(i)) {
        return true;
      }
    }
    return false;
  }

  /// The vote of a validator of the same kind as this statement.
  Optional<Vote> vote(int voter, Statement kind) {
    return Optional.ofNullable(votes(kind)[voter]);
  }

  Optional<Vote> notarizeBy(int voter) {
    return Optional.ofNullable(notarize[voter]);
  }

  Optional<Vote> skipBy(int voter) {
    return Optional.ofNullable(skip[voter]);
  }

  Optional<Vote> finalizeBy(int voter) {
    return Optional.ofNullable(finalize[voter]);
  }

  /// Whether a validator has cast any vote here.
  boolean votedBy(int voter) {
    return notarize[voter] != null || skip[voter] != null || finalize[voter] != null;
  }

  /// An earlier vote of the same validator that an honest validator would not have cast together
  /// with this one: another block of the same kind, or skip and finalize.
  Optional<Vote> conflict(Vote vote) {
    Vote same = votes(vote.statement())[vote.voter()];
    if (same != null && !same.statement().equals(vote.statement())) {
      return Optional.of(same);
    }
    return switch (vote.statement()) {
      case Notarize n -> Optional.empty();
      case Skip s -> Optional.ofNullable(finalize[vote.voter()]);
      case Finalize f -> Optional.ofNullable(skip[vote.voter()]);
    };
  }

  /// Marks a validator as caught in this slot; false when it was already.
  boolean caught(int voter) {
    boolean first = !offenders.get(voter);
    offenders.set(voter);
    return first;
  }

  /// Adds a vote and returns the certificate that it completes.
  Optional<Certificate> add(Vote vote) {
    votes(vote.statement())[vote.voter()] = vote;
    return certified(vote.statement()) ? Optional.empty() : certificate(vote.statement());
  }

  private boolean certified(Statement statement) {
    return switch (statement) {
      case Notarize n -> notarized != null;
      case Skip s -> skipped != null;
      case Finalize f -> false;
    };
  }

  private Optional<Certificate> certificate(Statement statement) {
    @Nullable Vote[] votes = votes(statement);
    long stake = 0;
    byte[] signers = new byte[(set.size() + 7) / 8];
    byte[] signatures = new byte[0];
    for (int pass = 0; pass < 2; pass++) {
      int at = 0;
      for (int i = 0; i < set.size(); i++) {
        Vote vote = votes[i];
        if (vote != null && vote.statement().equals(statement)) {
          if (pass == 0) {
            stake += set.stake(i);
            signers[i / 8] |= (byte) (1 << (i % 8));
          } else {
            System.arraycopy(
                vote.signature().toArrayUnsafe(), 0, signatures, at, Vote.SIGNATURE_BYTES);
          }
          at += Vote.SIGNATURE_BYTES;
        }
      }
      if (stake < set.quorum()) {
        return Optional.empty();
      }
      signatures = pass == 0 ? new byte[at] : signatures;
    }
    return Optional.of(new Certificate(statement, Bytes.wrap(signers), Bytes.wrap(signatures)));
  }

  private @Nullable Vote[] votes(Statement kind) {
    return switch (kind) {
      case Notarize n -> notarize;
      case Skip s -> skip;
      case Finalize f -> finalize;
    };
  }
}
