package dev.cairn.libp2p.gossipsub;

/// What a subscriber decides about a message (gossipsub v1.1, "Extended Validators").
public sealed interface Verdict {

  /// It is valid: forward it.
  record Accept() implements Verdict {}

  /// Do not forward it, and hold it against nobody: it is old, or cannot be judged now.
  record Ignore(String reason) implements Verdict {}

  /// It breaks the rules: do not forward it, and hold it against whoever sent it.
  record Reject(String reason) implements Verdict {}

  Verdict ACCEPT = new Accept();
}
