package dev.cairn.bench;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A node's JSON-RPC over one connection that is kept, and opened again when the node has closed it
/// because it was idle. Plain sockets, so that a benchmark spends next to nothing on its own side;
/// the node sees ordinary HTTP/1.1.
///
/// Owner: one thread.
final class RpcCaller implements AutoCloseable {

  private static final int LINE_BYTES_MAX = 8_192;

  private final URI uri;
  private final String head;
  private Socket socket;
  private InputStream in;

  RpcCaller(String url) throws IOException {
    this.uri = URI.create(url);
    this.socket = connect(uri);
    this.in = new BufferedInputStream(socket.getInputStream());
    this.head =
        "POST / HTTP/1.1\r\nHost: "
            + uri.getAuthority()
            + "\r\nContent-Type: application/json\r\nContent-Length: ";
  }

  private static Socket connect(URI uri) throws IOException {
    Socket socket = new Socket(uri.getHost(), uri.getPort());
    socket.setTcpNoDelay(true);
    return socket;
  }

  JsonObject call(String method, JsonObject params) throws IOException {
    return result(
        (JsonObject)
            post(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"%s\",\"params\":%s}"
                    .formatted(method, params)));
  }

  static JsonObject result(JsonObject answer) {
    JsonValue result = answer.get("result");
    if (result instanceof JsonObject object) {
      return object;
    }
    throw new IllegalStateException("the node answers " + answer);
  }

  JsonStructure post(String body) throws IOException {
    byte[] request = (head + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    String status;
    try {
      socket.getOutputStream().write(request);
      status = line();
    } catch (IOException e) {
      socket.close();
      socket = connect(uri);
      in = new BufferedInputStream(socket.getInputStream());
      socket.getOutputStream().write(request);
      status = line();
    }
    int length = -1;
    boolean chunked = false;
    for (String line = line(); !line.isEmpty(); line = line()) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(lower.substring(15).strip());
      }
      chunked |= lower.startsWith("transfer-encoding:");
    }
    if (length < 0 && !chunked) {
      throw new IOException("the node answers " + status + " with no length");
    }
    byte[] answer = chunked ? chunks() : in.readNBytes(length);
    if (!status.contains(" 200")) {
      throw new IOException(status + ": " + new String(answer, StandardCharsets.UTF_8));
    }
    try (var reader = Json.createReader(new ByteArrayInputStream(answer))) {
      return reader.read();
    }
  }

  /// A body in chunks (RFC 9112, section 7.1), as CometBFT sends what is long.
  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int size = chunk(); size > 0; size = chunk()) {
      body.writeBytes(in.readNBytes(size));
      var _ = line();
    }
    var _ = line();
    return body.toByteArray();
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.length() > LINE_BYTES_MAX) {
        throw new EOFException("the node closed the connection");
      }
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
