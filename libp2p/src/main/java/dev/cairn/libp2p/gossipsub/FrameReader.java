package dev.cairn.libp2p.gossipsub;

import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// Reads frames behind their length as an unsigned varint, many with one read of the stream.
///
/// Its buffer is small until the stream proves busy, and a frame's array grows with the bytes that
/// have come. One thread at a time.
final class FrameReader {

  private static final int BUFFER_BYTES_MIN = 2 * 1024;
  private static final int BUFFER_BYTES_MAX = 64 * 1024;
  private static final int LENGTH_BYTES_MAX = 9;

  private final InputStream in;
  private final int frameMax;
  private byte[] buffer = new byte[BUFFER_BYTES_MIN];
  private int position;
  private int limit;

  /// @param frameMax the longest frame that is accepted, in bytes
  FrameReader(InputStream in, int frameMax) {
    this.in = in;
    this.frameMax = frameMax;
  }

  /// Waits for the next frame; empty when the stream ends before one.
  ///
  /// @throws MalformedException when a length is malformed or too long, or the stream ends within a
  ///   frame
  Optional<byte[]> next() throws IOException {
    if (position == limit && !fill()) {
      return Optional.empty();
    }
    int length = length();
    if (length <= limit - position) {
      byte[] frame = Arrays.copyOfRange(buffer, position, position + length);
      position += length;
      return Optional.of(frame);
    }
    return Optional.of(longFrame(length));
  }

  private int length() throws IOException {
    long value = 0;
    for (int i = 0; i < LENGTH_BYTES_MAX; i++) {
      if (position == limit && !fill()) {
        throw new MalformedException("the stream ended within a frame's length");
      }
      byte next = buffer[position++];
      value |= (long) (next & 0x7F) << (7 * i);
      if (next >= 0) {
        if (next == 0 && i > 0) {
          throw new MalformedException("a frame's length is not in its shortest form");
        }
        if (value > frameMax) {
          throw new MalformedException("a frame of " + value + " bytes, over " + frameMax);
        }
        return (int) value;
      }
    }
    throw new MalformedException("a frame's length is over " + LENGTH_BYTES_MAX + " bytes");
  }

  private byte[] longFrame(int length) throws IOException {
    int size = limit - position;
    byte[] frame = new byte[Math.min(length, Math.max(BUFFER_BYTES_MAX, 2 * size))];
    System.arraycopy(buffer, position, frame, 0, size);
    position = limit;
    while (size < length) {
      if (size == frame.length) {
        frame = Arrays.copyOf(frame, Math.min(length, 2 * size));
      }
      int read = in.read(frame, size, frame.length - size);
      if (read < 0) {
        throw new MalformedException("the stream ended within a frame");
      }
      size += read;
    }
    return frame;
  }

  private boolean fill() throws IOException {
    if (limit == buffer.length && buffer.length < BUFFER_BYTES_MAX) {
      buffer = new byte[Math.min(BUFFER_BYTES_MAX, 4 * buffer.length)];
    }
    position = 0;
    limit = 0;
    int read = in.read(buffer, 0, buffer.length);
    if (read < 0) {
      return false;
    }
    limit = read;
    return true;
  }
}
