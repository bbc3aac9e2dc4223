package dev.cairn.files.exchange;

/// What a download thinks of a peer.
public enum SourceState {
  /// It was asked whether it has the DAG and has not said.
  ASKED,
  /// It has said that it has not got it.
  LACKS,
  /// It has what is wanted, all or some of it.
  ACTIVE,
  /// It stalls, rests and will be tried again.
  SLOW,
  /// It stalled too often or gave too little, and is asked no more.
  STALLED,
  /// It sent what nobody had asked it for, and is asked no more.
  LIED,
  /// Its connection has ended.
  GONE
}
