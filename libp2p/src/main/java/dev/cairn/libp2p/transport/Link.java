package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A raw, ordered, two-way byte stream to another host, before any security.
///
/// One thread may read while another writes; any thread may close it, which wakes both.
public interface Link extends AutoCloseable {

  InputStream input();

  /// Unbuffered: one write is one packet where the transport can do so.
  OutputStream output();

  /// Reads what is there into the buffer, at least one byte of it, as [#input()] does; buffers
  /// outside the heap are not copied on the way. The read timeout need not hold here.
  ///
  /// @return the bytes read, or -1 at the end
  int read(ByteBuffer target) throws IOException;

  /// Writes all that remains in the buffer, as [#output()] does.
  void write(ByteBuffer source) throws IOException;

  /// Bytes that a read would return at once; 0 when it would wait.
  int available() throws IOException;

  Multiaddr local();

  Multiaddr remote();

  /// The longest that one read waits before it throws [java.net.SocketTimeoutException]; zero waits
  /// for ever. It counts from the next read on.
  void readTimeout(Duration timeout);

  /// Ends both directions at once. Safe to call twice and from any thread; never blocks for long.
  @Override
  void close();
}
