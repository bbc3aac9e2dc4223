package dev.cairn.cli;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Calls a node's JSON-RPC. It uses the JDK's oldest HTTP client, because that one starts a command
/// soonest and a command makes one to three calls.
public final class RpcClient {

  private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
  private static final int ANSWER_BYTES_MAX = 64 << 20;
  private static final int REFUSED = -32001;
  private static final int NOT_FOUND = -32002;
  private static final int BUSY = -32003;
  private static final int INVALID_PARAMS = -32602;

  private final URI url;

  public RpcClient(String url) {
    try {
      this.url = new URI(url);
      if (!"http".equals(this.url.getScheme()) && !"https".equals(this.url.getScheme())) {
        throw CliException.usage("--rpc takes a URL such as http://127.0.0.1:4502, not " + url);
      }
    } catch (URISyntaxException e) {
      throw CliException.usage("--rpc takes a URL such as http://127.0.0.1:4502, not " + url);
    }
  }

  /// Where the node is, for what it serves beside JSON-RPC.
  public URI url() {
    return url;
  }

  public static JsonObjectBuilder params() {
    return Json.createObjectBuilder();
  }

  public JsonObject object(String method, JsonObjectBuilder params) {
    return (JsonObject) call(method, params, Duration.ofSeconds(30));
  }

  public JsonObject object(String method, JsonObjectBuilder params, Duration timeout) {
    return (JsonObject) call(method, params, timeout);
  }

  public JsonArray array(String method, JsonObjectBuilder params) {
    return (JsonArray) call(method, params, Duration.ofSeconds(30));
  }

  /// The result of whatever type the node gave it.
  public JsonValue value(String method, JsonObjectBuilder params) {
    return call(method, params, Duration.ofSeconds(30));
  }

  public JsonValue value(String method, JsonObjectBuilder params, Duration timeout) {
    return call(method, params, timeout);
  }

  private JsonValue call(String method, JsonObjectBuilder params, Duration timeout) {
    JsonObject request =
        Json.createObjectBuilder()
            .add("jsonrpc", "2.0")
            .add("id", 1)
            .add("method", method)
            .add("params", params)
            .build();
    JsonObject answer = parse(post(request.toString(), timeout));
    if (answer.get("error") instanceof JsonObject error) {
      throw failure(error);
    }
    JsonValue result = answer.get("result");
    if (result == null) {
      throw notCairn();
    }
    return result;
  }

  private static CliException failure(JsonObject error) {
    String message = error.getString("message", "error");
    return switch (error.getInt("code", 0)) {
      case REFUSED -> new CliException(Exit.REFUSED, "refused: " + message);
      case NOT_FOUND -> new CliException(Exit.NOT_FOUND, message);
      case BUSY -> new CliException(Exit.TIMED_OUT, message);
      case INVALID_PARAMS -> new CliException(Exit.USAGE, message);
      default -> CliException.failed("the node answers with an error: " + message);
    };
  }

  private JsonObject parse(byte[] body) {
    try (var reader = Json.createReader(new ByteArrayInputStream(body))) {
      return reader.readObject();
    } catch (JsonException | IllegalStateException e) {
      throw notCairn();
    }
  }

  private CliException notCairn() {
    return new CliException(Exit.NO_NODE, "what answers at " + url + " is no Cairn node");
  }

  private byte[] post(String body, Duration timeout) {
    try {
      HttpURLConnection http = (HttpURLConnection) url.toURL().openConnection();
      http.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
      http.setReadTimeout(Math.toIntExact(timeout.toMillis()));
      http.setRequestMethod("POST");
      http.setRequestProperty("Content-Type", "application/json");
      http.setDoOutput(true);
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      http.setFixedLengthStreamingMode(bytes.length);
      try (OutputStream out = http.getOutputStream()) {
        out.write(bytes);
      }
      int status = http.getResponseCode();
      try (InputStream in = status < 400 ? http.getInputStream() : http.getErrorStream()) {
        byte[] answer = in == null ? new byte[0] : in.readNBytes(ANSWER_BYTES_MAX);
        if (status >= 400 && (answer.length == 0 || answer[0] != '{')) {
          throw CliException.failed(
              "the node refuses the request (HTTP "
                  + status
                  + "): "
                  + new String(answer, StandardCharsets.UTF_8).strip());
        }
        return answer;
      }
    } catch (SocketTimeoutException e) {
      throw new CliException(Exit.TIMED_OUT, "the node at " + url + " did not answer in time");
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException(
          Exit.NO_NODE,
          "no node answers at "
              + url
              + " ("
              + e.getMessage()
              + "); start one with 'cairn run', or name its RPC with --rpc");
    }
  }
}
