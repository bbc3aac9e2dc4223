package dev.cairn.files.bitswap;

import java.util.List;

/// Takes the parts of a message as they arrive.
interface MessageSink {

  /// @param full whether this replaces all earlier wants
  void wants(List<Entry> entries, boolean full);

  void presences(List<Presence> presences);

  /// Whether blocks may come at all. Those that nobody asked for are passed over unread.
  boolean expectsBlocks();

  /// Waits for a place among the long blocks that arrive from this peer at once; [#leave] gives it
  /// back. Streams that wait are not read.
  void enter() throws InterruptedException;

  void leave();

  /// Bytes of blocks have arrived: told many times within a long one.
  void heard(int bytes);

  /// A whole block, unverified. The array is the sink's, to be given back where it came from.
  void block(CidPrefix prefix, byte[] data) throws InterruptedException;

  /// A block came that was not expected.
  void unexpected(int bytes);
}
