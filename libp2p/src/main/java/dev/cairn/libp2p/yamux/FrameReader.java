package dev.cairn.libp2p.yamux;

import org.jspecify.annotations.Nullable;

/// Where in the peer's sequence of frames the reader stands: inside a header, or inside the payload
/// of a data frame. Under the connection's lock.
final class FrameReader {

  private final byte[] header = new byte[Frame.BYTES];
  private int headerBytes;
  private long payloadLeft;
  private @Nullable StreamState payloadStream;
  private boolean payloadEnds;

  /// Takes bytes of a header and returns how many were taken.
  int header(byte[] source, int offset, int length) {
    int count = Math.min(length, Frame.BYTES - headerBytes);
    System.arraycopy(source, offset, header, headerBytes, count);
    headerBytes += count;
    return count;
  }

  /// The frame whose header is whole now; null while bytes are missing.
  @Nullable Frame takeFrame() throws YamuxException {
    if (headerBytes < Frame.BYTES) {
      return null;
    }
    headerBytes = 0;
    return Frame.decode(header, 0);
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
    return headerBytes > 0 || payloadLeft > 0;
  }
}
