package dev.cairn.libp2p.protobuf;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Varint;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Messages behind their length as an unsigned varint, as most libp2p protocols frame them.
public final class Delimited {

  /// What is allocated at once for a message that is announced but has not arrived: a peer pays for
  /// the memory it makes us use with bytes it has sent.
  private static final int CHUNK_BYTES = 64 * 1024;

  private Delimited() {}

  /// Reads one message.
  ///
  /// @param max the longest message in bytes that is accepted
  /// @throws EOFException when the stream ends before the message's first byte
  /// @throws MalformedException when the length is malformed or over `max`, or the stream ends
  ///   within the message
  public static byte[] read(InputStream in, int max) throws IOException {
    long length = Varint.read(in);
    if (length < 0 || length > max) {
      throw new MalformedException(
          "message of " + Long.toUnsignedString(length) + " bytes, over " + max);
    }
    if (length <= CHUNK_BYTES) {
      byte[] message = new byte[(int) length];
      requireAll(in.readNBytes(message, 0, message.length), length);
      return message;
    }
    byte[] message = in.readNBytes((int) length);
    requireAll(message.length, length);
    return message;
  }

  private static void requireAll(int read, long length) {
    if (read < length) {
      throw new MalformedException("message of " + length + " bytes ends after " + read);
    }
  }

  /// Writes one message with its length in a single write, so that a muxer makes one frame of it,
  /// and flushes.
  public static void write(OutputStream out, byte[] message) throws IOException {
    byte[] framed = new byte[Varint.sizeOf(message.length) + message.length];
    int offset = Varint.write(message.length, framed, 0);
    System.arraycopy(message, 0, framed, offset, message.length);
    out.write(framed);
    out.flush();
  }
}
