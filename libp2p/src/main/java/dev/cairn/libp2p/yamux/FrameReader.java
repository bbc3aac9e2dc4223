package dev.cairn.libp2p.yamux;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Where in the peer's sequence of frames the reader stands: inside a header, or inside the payload
/// of a data frame. Under the connection's lock.
final class FrameReader {

  private final ByteBuffer header = ByteBuffer.allocate(Frame.BYTES);
  private long payloadLeft;
  private @Nullable StreamState payloadStream;
  private boolean payloadEnds;

  /// Takes bytes of a header; the frame once it is whole, null while bytes are missing.
  @Nullable Frame header(ByteBuffer source) throws YamuxException {
    if (header.position() == 0 && source.remaining() >= Frame.BYTES) {
      return Frame.decode(source);
    }
    while (header.hasRemaining() && source.hasRemaining()) {
      header.put(source.get());
    }
    if (header.hasRemaining()) {
      return null;
    }
    Frame frame = Frame.decode(header.flip());
    header.clear();
    return frame;
  }

  /// @param stream whose data follows; null when it is to be dropped
  /// @param ends whether the stream ends behind this data
  void expectPayload(long length, @Nullable StreamState stream, boolean ends) {
    payloadLeft = length;
    payloadStream = stream;
    payloadEnds = ends;
  }

  void payloadTaken(int count) {
    payloadLeft -= count;
  }

  long payloadLeft() {
    return payloadLeft;
  }

  @Nullable StreamState payloadStream() {
    return payloadStream;
  }

  boolean payloadEnds() {
    return payloadEnds;
  }

  /// Whether a frame has begun and is not whole.
  boolean inside() {
    return header.position() > 0 || payloadLeft > 0;
  }
}
