package dev.cairn.node.rpc;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Optional;

/// An answer that is an error: JSON-RPC 2.0, section 5.1, with Cairn's own codes from -32001 down.
public final class RpcException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public static final int PARSE_ERROR = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL_ERROR = -32603;

  /// The chain's rules refuse the transaction; `data.reason` is a word for programs.
  public static final int REFUSED = -32001;

  /// There is no such block, transaction, record or account.
  public static final int NOT_FOUND = -32002;

  /// The node has too much to do; the same request may succeed later.
  public static final int BUSY = -32003;

  private final int code;
  private final transient Optional<JsonObject> data;

  public RpcException(int code, String message) {
    this(code, message, Optional.empty());
  }

  public RpcException(int code, String message, Optional<JsonObject> data) {
    super(message, null, false, false);
    this.code = code;
    this.data = data;
  }

  static RpcException invalidParams(String message) {
    return new RpcException(INVALID_PARAMS, message);
  }

  static RpcException notFound(String message) {
    return new RpcException(NOT_FOUND, message);
  }

  public int code() {
    return code;
  }

  JsonObject toJson() {
    var error = JsonRpc.PROVIDER.createObjectBuilder().add("code", code).add("message", text());
    data.ifPresent(d -> error.add("data", (JsonValue) d));
    return error.build();
  }

  private String text() {
    String message = getMessage();
    return message == null ? "error" : message;
  }
}
