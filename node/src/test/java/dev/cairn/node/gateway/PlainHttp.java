package dev.cairn.node.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// One HTTP/1.1 request over a socket of its own, with whatever headers a test wants to send.
final class PlainHttp {

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;
  private final boolean whole;

  private PlainHttp(int status, Map<String, String> headers, byte[] body, boolean whole) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.whole = whole;
  }

  int status() {
    return status;
  }

  byte[] body() {
    return body;
  }

  /// Whether the connection ended where the answer did.
  boolean whole() {
    return whole;
  }

  static PlainHttp send(int port, String method, String path, byte[] content, String... headers)
      throws IOException {
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    boolean host = false;
    for (int i = 0; i < headers.length; i += 2) {
      request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
      host |= headers[i].equals("Host");
    }
    if (!host) {
      request.append("Host: 127.0.0.1:").append(port).append("\r\n");
    }
    if (content.length > 0) {
      request.append("Content-Length: ").append(content.length).append("\r\n");
    }
    request.append("Connection: close\r\n\r\n");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
      try {
        socket.getOutputStream().write(content);
      } catch (IOException e) {
        // Refused before all of it was read; the answer says why.
      }
      return read(socket.getInputStream(), method.equals("HEAD"));
    }
  }

  private static PlainHttp read(InputStream in, boolean head) throws IOException {
    int status = Integer.parseInt(line(in).split(" ", 3)[1]);
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (head) {
      return new PlainHttp(status, headers, new byte[0], true);
    }
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      return chunked(in, status, headers);
    }
    String length = headers.getOrDefault("content-length", "");
    byte[] body = length.isEmpty() ? rest(in) : in.readNBytes(Integer.parseInt(length));
    boolean whole = length.isEmpty() || body.length == Integer.parseInt(length);
    return new PlainHttp(status, headers, body, whole);
  }

  private static byte[] rest(InputStream in) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      in.transferTo(out);
    } catch (IOException e) {
      // Reset: what came is what there is.
    }
    return out.toByteArray();
  }

  private static PlainHttp chunked(InputStream in, int status, Map<String, String> headers) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try {
      while (true) {
        int length = Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
        byte[] chunk = in.readNBytes(length);
        body.writeBytes(chunk);
        if (length == 0) {
          return new PlainHttp(status, headers, body.toByteArray(), true);
        }
        if (chunk.length < length || !line(in).isEmpty()) {
          break;
        }
      }
    } catch (IOException | NumberFormatException e) {
      // It ends, or is reset, within a chunk or before one.
    }
    return new PlainHttp(status, headers, body.toByteArray(), false);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  String header(String name) {
    return headers.getOrDefault(name, "");
  }
}
