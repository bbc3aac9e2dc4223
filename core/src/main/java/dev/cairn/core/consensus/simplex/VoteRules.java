package dev.cairn.core.consensus.simplex;

/// What a validator denies itself beyond one vote of each kind in a slot.
///
/// @param skipExcludesFinal whether it never votes both to skip a slot and to finalize in it, which
///   is what the protocol says; a simulation lifts it to show the fork that follows
public record VoteRules(boolean skipExcludesFinal) {

  /// The protocol's (spec/consensus.md, "The rules of a validator").
  public static final VoteRules STANDARD = new VoteRules(true);
}
