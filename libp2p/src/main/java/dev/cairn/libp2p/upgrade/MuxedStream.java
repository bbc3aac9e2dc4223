package dev.cairn.libp2p.upgrade;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// One ordered byte stream of a [Connection], with a half for each direction.
///
/// One thread may read while another writes. Both halves block; they throw
/// [java.net.SocketTimeoutException] when the deadline has passed, and another
/// [java.io.IOException] when the stream was reset or its connection has ended.
public interface MuxedStream extends AutoCloseable {

  /// The stream's number on its connection, unsigned 32 bits; odd when the dialer opened it.
  long id();

  /// What the peer sends; at its end when the peer has closed its half.
  InputStream input();

  /// What the peer receives. A write may return before the bytes are on the wire, but they are on
  /// their way: there is nothing to flush.
  OutputStream output();

  /// Ends what we send, after what was written. Reading goes on.
  void closeWrite();

  /// Gives the stream up in both directions at once; the peer sees an error. Safe to call twice.
  void reset();

  /// The longest that a read waits for a byte, and a write for room. Zero waits for ever, which is
  /// how a stream begins.
  void deadline(Duration timeout);

  /// Ends what we send and drops what is still to be read. Safe to call twice, and after
  /// [#reset()].
  @Override
  void close();
}
