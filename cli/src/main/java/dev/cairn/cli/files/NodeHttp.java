package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.RpcClient;
import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.BlockMissingException;
import dev.cairn.files.block.BlockSource;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/// What a node gives and takes over HTTP beside JSON-RPC: blocks from its gateway, each checked
/// here, and files and archives to keep.
final class NodeHttp implements BlockSource {

  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;

  /// A node waits half a minute for peers before it gives a block up.
  private static final int READ_TIMEOUT_MILLIS = 120_000;

  /// Of an upload: the node holds a whole chunk before it reads on.
  private static final int CHUNK_BYTES = 128 << 10;

  /// Where a node takes files and archives.
  static final String IMPORT = "/files/import";

  private static final int ANSWER_BYTES_MAX = 1 << 20;

  private final URI base;
  private final BlockArrays arrays = new BlockArrays();

  NodeHttp(RpcClient node) {
    this.base = node.url();
  }

  @Override
  public Block get(Cid cid) throws IOException {
    HttpURLConnection http = open("/ipfs/" + cid + "?format=raw");
    int status = http.getResponseCode();
    if (status == 404 || status == 504) {
      throw new BlockMissingException(cid, text(http));
    }
    if (status != 200) {
      throw new IOException("the node gives no block " + cid + ": " + text(http));
    }
    try (InputStream in = http.getInputStream()) {
      return Block.verify(cid, content(in, http.getContentLengthLong()));
    } catch (MalformedException e) {
      throw new IOException("the node gives a wrong block: " + e.getMessage(), e);
    }
  }

  private byte[] content(InputStream in, long length) throws IOException {
    if (length < 0 || length > Block.BYTES_MAX) {
      return in.readNBytes(Block.BYTES_MAX + 1);
    }
    byte[] content = arrays.take((int) length);
    if (in.readNBytes(content, 0, content.length) < content.length) {
      throw new IOException("the node hung up in the middle of a block");
    }
    return content;
  }

  @Override
  public void done(byte[] content) {
    arrays.give(content);
  }

  /// Writes the body of an upload.
  @FunctionalInterface
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /// All of a stream. A failure to read it is an [UploadException].
  static Body all(InputStream in, Meter meter) {
    return out -> {
      byte[] buffer = new byte[CHUNK_BYTES];
      for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
        out.write(buffer, 0, n);
        meter.add(n);
      }
    };
  }

  private static int read(InputStream in, byte[] buffer) throws IOException {
    try {
      return in.read(buffer);
    } catch (IOException e) {
      throw new UploadException(e);
    }
  }

  /// Sends an archive to be kept.
  ///
  /// @param name of the pin
  /// @return what the node says
  JsonObject importCar(String name, Body body) throws IOException {
    return post("?name=" + encoded(name), "application/vnd.ipld.car", body);
  }

  /// Sends the content of a file, of which the node makes blocks by a profile.
  ///
  /// @param name of the pin
  /// @return what the node says
  JsonObject importFile(String name, String profile, Body body) throws IOException {
    return post(query(name, profile), "application/octet-stream", body);
  }

  /// The query of an import whose blocks the node makes.
  static String query(String name, String profile) {
    return "?name=" + encoded(name) + "&profile=" + encoded(profile);
  }

  static String encoded(String value) {
    return java.net.URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonObject post(String query, String type, Body body) throws IOException {
    HttpURLConnection http = open(IMPORT + query);
    http.setRequestMethod("POST");
    http.setRequestProperty("Content-Type", type);
    http.setDoOutput(true);
    http.setChunkedStreamingMode(CHUNK_BYTES);
    IOException cut = null;
    OutputStream out = connect(http);
    try {
      body.writeTo(out);
      out.close(); // says that the body is whole, so not after a failure
    } catch (UploadException e) {
      http.disconnect();
      throw e;
    } catch (IOException e) {
      cut = e; // the node may have said why before it hung up
    }
    int status;
    try {
      status = http.getResponseCode();
    } catch (IOException e) {
      throw cut == null ? e : cut;
    }
    if (status != 200) {
      throw notTaken(status, text(http));
    }
    try (var reader = Json.createReader(http.getInputStream())) {
      return reader.readObject();
    } catch (JsonException e) {
      throw new CliException(Exit.NO_NODE, "what answers at " + base + " is no Cairn node");
    }
  }

  static CliException notTaken(int status, String why) {
    return new CliException(
        status == 507 ? Exit.REFUSED : Exit.FAILED, "the node does not take it: " + why);
  }

  /// Something wrong with what is sent, as opposed to the sending.
  static final class UploadException extends IOException {
    private static final long serialVersionUID = 1L;

    UploadException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private OutputStream connect(HttpURLConnection http) {
    try {
      return http.getOutputStream();
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  CliException unreachable(IOException e) {
    return new CliException(
        Exit.NO_NODE,
        "no node answers at "
            + base
            + " ("
            + e.getMessage()
            + "); start one with 'cairn run', or name its RPC with --rpc");
  }

  HttpURLConnection open(String path) {
    try {
      HttpURLConnection http = (HttpURLConnection) base.resolve(path).toURL().openConnection();
      http.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
      http.setReadTimeout(READ_TIMEOUT_MILLIS);
      http.setInstanceFollowRedirects(false);
      return http;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private static String text(HttpURLConnection http) throws IOException {
    try (InputStream in = http.getErrorStream()) {
      InputStream body = in == null ? new ByteArrayInputStream(new byte[0]) : in;
      String text = new String(body.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8).strip();
      return text.isEmpty() ? "HTTP " + http.getResponseCode() : text;
    }
  }
}
