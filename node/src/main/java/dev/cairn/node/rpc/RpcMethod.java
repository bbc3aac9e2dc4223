package dev.cairn.node.rpc;

import jakarta.json.JsonValue;
import java.util.List;

/// One method of the API: what it is called, what it takes and gives, and what it does.
///
/// @param name `namespace_camelCase`
/// @param summary one sentence for a person
/// @param params in their order
/// @param result the schema of what it returns
public record RpcMethod(
    String name, String summary, List<Param> params, Schema result, Handler handler) {

  /// @param required whether a call without it is refused
  public record Param(String name, String description, Schema schema, boolean required) {

    public static Param required(String name, Schema schema, String description) {
      return new Param(name, description, schema, true);
    }

    public static Param optional(String name, Schema schema, String description) {
      return new Param(name, description, schema, false);
    }
  }

  /// What the method does, on the virtual thread of its request; it may block.
  @FunctionalInterface
  public interface Handler {

    /// @throws RpcException for an error that the caller shall see
    JsonValue call(Params params) throws InterruptedException;
  }

  List<String> paramNames() {
    return params.stream().map(Param::name).toList();
  }
}
