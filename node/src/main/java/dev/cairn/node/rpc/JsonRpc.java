package dev.cairn.node.rpc;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// JSON-RPC 2.0 over bytes: one request or a batch in, one answer or an array out. Knows nothing of
/// HTTP. Shared by all request threads; immutable but for its counters.
public final class JsonRpc {

  static final JsonProvider PROVIDER = JsonProvider.provider();

  /// Calls in one batch. More are refused whole, since a batch is there to save round trips and not
  /// to get around the limits of a request.
  public static final int BATCH_MAX = 256;

  /// Nesting of a request; the deepest that a method takes is 3.
  private static final int DEPTH_MAX = 16;

  private static final Logger LOG = System.getLogger(JsonRpc.class.getName());

  private final Map<String, RpcMethod> methods;
  private final JsonReaderFactory readers =
      PROVIDER.createReaderFactory(Map.of("org.eclipse.parsson.maxDepth", DEPTH_MAX));
  private final LongAdder calls = new LongAdder();
  private final LongAdder errors = new LongAdder();

  public JsonRpc(Map<String, RpcMethod> methods) {
    this.methods = Map.copyOf(methods);
  }

  /// What came of a request.
  ///
  /// @param text the JSON to send; empty for a notification, which has no answer
  /// @param malformed whether the request was no JSON-RPC at all (HTTP says 400 then)
  public record Reply(String text, boolean malformed) {}

  public long calls() {
    return calls.sum();
  }

  public long errors() {
    return errors.sum();
  }

  public Reply handle(byte[] request) throws InterruptedException {
    JsonValue parsed;
    try (var reader =
        readers.createReader(new ByteArrayInputStream(request), StandardCharsets.UTF_8)) {
      parsed = reader.readValue();
    } catch (
        RuntimeException e) { // JsonException, and a plain one where the depth is over the limit
      errors.increment();
      return malformed(RpcException.PARSE_ERROR, "the body is not JSON");
    }
    return switch (parsed) {
      case JsonObject object ->
          call(object)
              .map(answer -> new Reply(text(answer), isInvalid(answer)))
              .orElseGet(() -> new Reply("", false));
      case JsonArray array when array.isEmpty() ->
          malformed(RpcException.INVALID_REQUEST, "the batch is empty");
      case JsonArray array when array.size() > BATCH_MAX ->
          malformed(
              RpcException.INVALID_REQUEST,
              "a batch holds at most " + BATCH_MAX + " calls, not " + array.size());
      case JsonArray array -> batch(array);
      default -> malformed(RpcException.INVALID_REQUEST, "a request is an object or an array");
    };
  }

  private Reply batch(JsonArray requests) throws InterruptedException {
    var answers = PROVIDER.createArrayBuilder();
    boolean any = false;
    for (JsonValue request : requests) {
      Optional<JsonObject> answer =
          request instanceof JsonObject object
              ? call(object)
              : Optional.of(
                  error(
                      JsonValue.NULL,
                      new RpcException(RpcException.INVALID_REQUEST, "a call is an object")));
      if (answer.isPresent()) {
        answers.add(answer.get());
        any = true;
      }
    }
    return new Reply(any ? text(answers.build()) : "", false);
  }

  /// The answer to one call; empty for a notification.
  private Optional<JsonObject> call(JsonObject request) throws InterruptedException {
    calls.increment();
    JsonValue id = request.getOrDefault("id", JsonValue.NULL);
    boolean notification = !request.containsKey("id");
    // Not the request itself: it may be large, and a call may wait for minutes.
    String what = String.valueOf(request.get("method"));
    try {
      JsonValue result = invoke(request, id);
      return notification ? Optional.empty() : Optional.of(result(id, result));
    } catch (RpcException e) {
      errors.increment();
      boolean silent = notification && e.code() != RpcException.INVALID_REQUEST;
      return silent ? Optional.empty() : Optional.of(error(id, e));
    } catch (RuntimeException e) {
      errors.increment();
      LOG.log(Level.ERROR, "a call of " + what + " failed", e);
      return Optional.of(
          error(id, new RpcException(RpcException.INTERNAL_ERROR, "internal error; see the log")));
    }
  }

  private JsonValue invoke(JsonObject request, JsonValue id) throws InterruptedException {
    boolean idIsPlain =
        id instanceof JsonString || id instanceof JsonNumber || id.equals(JsonValue.NULL);
    if (!(request.get("jsonrpc") instanceof JsonString version)
        || !version.getString().equals("2.0")
        || !(request.get("method") instanceof JsonString name)
        || !idIsPlain) {
      throw new RpcException(
          RpcException.INVALID_REQUEST,
          "a call needs \"jsonrpc\":\"2.0\", a \"method\" and an \"id\" that is a string or number");
    }
    RpcMethod method = methods.get(name.getString());
    if (method == null) {
      throw new RpcException(
          RpcException.METHOD_NOT_FOUND,
          "there is no method '" + shorten(name.getString()) + "'; rpc.discover lists them");
    }
    JsonValue values = request.getOrDefault("params", JsonValue.EMPTY_JSON_OBJECT);
    return method.handler().call(Params.of(method.paramNames(), values));
  }

  private static String shorten(String text) {
    return text.length() <= 64 ? text : text.substring(0, 64) + "...";
  }

  private static boolean isInvalid(JsonObject answer) {
    return answer.get("error") instanceof JsonObject error
        && error.getInt("code") == RpcException.INVALID_REQUEST;
  }

  private static Reply malformed(int code, String message) {
    return new Reply(text(error(JsonValue.NULL, new RpcException(code, message))), true);
  }

  private static JsonObject result(JsonValue id, JsonValue result) {
    return PROVIDER
        .createObjectBuilder()
        .add("jsonrpc", "2.0")
        .add("id", id)
        .add("result", result)
        .build();
  }

  private static JsonObject error(JsonValue id, RpcException error) {
    return PROVIDER
        .createObjectBuilder()
        .add("jsonrpc", "2.0")
        .add("id", id)
        .add("error", error.toJson())
        .build();
  }

  private static String text(JsonValue value) {
    var out = new StringWriter(256);
    try (var writer = PROVIDER.createWriter(out)) {
      writer.write(value);
    }
    return out.toString();
  }
}
