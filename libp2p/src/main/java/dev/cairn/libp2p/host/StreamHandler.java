package dev.cairn.libp2p.host;

import java.io.IOException;

/// The serving side of a protocol.
@FunctionalInterface
public interface StreamHandler {

  /// Speaks the protocol on an inbound stream. It runs on a virtual thread of its own and the
  /// stream is closed when it returns. Whatever it throws resets the stream and costs nothing else.
  void handle(Stream stream) throws IOException;
}
