package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// A raw, ordered, two-way byte stream to another host, before any security.
///
/// One thread may read while another writes; any thread may close it, which wakes both.
public interface Link extends AutoCloseable {

  InputStream input();

  /// Unbuffered: one write is one packet where the transport can do so.
  OutputStream output();

  Multiaddr local();

  Multiaddr remote();

  /// The longest that one read waits before it throws [java.net.SocketTimeoutException]; zero waits
  /// for ever. It counts from the next read on.
  void readTimeout(Duration timeout);

  /// Ends both directions at once. Safe to call twice and from any thread; never blocks for long.
  @Override
  void close();
}
