package dev.cairn.core.consensus.simplex;

import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.multiformats.MalformedException;
import java.util.List;

/// What a validator's vote log gives back after a restart.
final class Restored {

  private Restored() {}

  /// The highest slot of the epoch in which votes may have been cast and forgotten.
  static long floor(List<VoteRecord> records, long epoch) {
    long floor = 0;
    for (VoteRecord entry : records) {
      if (entry.kind() == VoteRecord.Kind.FLOOR) {
        if (entry.epoch() > epoch) {
          return Long.MAX_VALUE;
        }
        floor = entry.epoch() == epoch ? Math.max(floor, entry.slot()) : floor;
      }
    }
    return floor;
  }

  /// Puts the votes and candidates of the present epoch back, so that a repeat is the same bytes.
  ///
  /// @throws IllegalStateException when the log is not this validator's
  static void into(Situation situation, List<VoteRecord> records, int self) {
    Instance instance = situation.instance();
    for (VoteRecord entry : records) {
      if (entry.epoch() != instance.epoch()) {
        continue;
      }
      try {
        switch (entry.kind()) {
          case VOTE -> vote(instance, Vote.decode(entry.content().toArrayUnsafe()), self);
          case CANDIDATE -> candidate(situation, CandidateRecord.decode(entry.content()));
          case CERTIFICATE ->
              certificate(instance, Certificate.decode(entry.content().toArrayUnsafe()));
          case FLOOR -> {}
        }
      } catch (MalformedException e) {
        throw new IllegalStateException("the vote log holds what is not a vote: " + e.getMessage());
      }
    }
  }

  private static void vote(Instance instance, Vote vote, int self) {
    if (vote.voter() != self || !instance.verify(vote)) {
      throw new IllegalStateException(
          "the vote log holds a vote for slot " + vote.slot() + " that this key did not sign");
    }
    if (vote.slot() > instance.lastFinal().slot()) {
      instance.add(vote);
    }
  }

  private static void certificate(Instance instance, Certificate certificate) {
    if (!instance.verify(certificate)) {
      throw new IllegalStateException("the vote log holds a certificate that nobody made");
    }
    if (certificate.slot() > instance.lastFinal().slot()) {
      instance.add(certificate);
    }
  }

  private static void candidate(Situation situation, CandidateRecord candidate) {
    Instance instance = situation.instance();
    Proposal proposal = candidate.proposal();
    situation.tree().add(candidate.block(), "");
    if (proposal.slot() <= instance.lastFinal().slot()) {
      return;
    }
    if (!instance.verify(proposal)) {
      throw new IllegalStateException("the vote log holds a proposal that no leader signed");
    }
    Slot slot = instance.slot(proposal.slot());
    if (slot.proposal().isEmpty()) {
      slot.propose(proposal);
    }
  }
}
