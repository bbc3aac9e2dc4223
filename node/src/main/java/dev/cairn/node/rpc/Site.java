package dev.cairn.node.rpc;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;

/// Something that answers beside JSON-RPC, under paths of its own. The Host and Origin rules are
/// checked before it is asked.
public interface Site {

  /// Whether a request is for this site.
  ///
  /// @param rawPath as it was sent, nothing decoded
  boolean takes(String rawPath);

  /// Answers a request on its virtual thread. An exception after the first byte of the answer ends
  /// the connection, so that nobody takes a part for the whole.
  void handle(ServerRequest request, ServerResponse response)
      throws IOException, InterruptedException;
}
