package dev.cairn.files.bitswap;

/// What a session knows of a peer.
public enum Standing {
  /// It was asked for the root.
  ASKED,
  /// It has not got the root.
  LACKS,
  /// It has the root, and nothing shows that it lacks anything below.
  COMPLETE,
  /// It has some blocks, and says which.
  PARTIAL,
  /// It owes blocks and sends none: it rests.
  SLOW,
  /// It stalled too often.
  STALLED,
  /// It sent what nobody had asked for.
  LIED,
  GONE
}
