package dev.cairn.node.rpc;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.webserver.CloseConnectionException;
import java.io.IOException;
import java.io.InputStream;

/// The rest of a request's body that nobody wants. A connection goes on only behind the end of it,
/// and the server waits for that without a limit, so it is read off or the connection is ended.
public final class RequestBody {

  /// Bytes that are read off, so that whoever sent them gets to read the answer.
  static final long READ_OFF_BYTES_MAX = 64L << 20;

  private static final int BUFFER_BYTES = 64 << 10;

  private RequestBody() {}

  /// To be called when the answer has been sent.
  ///
  /// @throws CloseConnectionException when there is more of it than is read off, or it breaks off
  public static void finish(InputStream in) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      long left = READ_OFF_BYTES_MAX;
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        left -= n;
        if (left < 0) {
          throw new CloseConnectionException("a body is too long to be read off");
        }
      }
    } catch (IOException | java.io.UncheckedIOException | InsufficientDataAvailableException e) {
      throw new CloseConnectionException("a body breaks off", e);
    }
  }
}
