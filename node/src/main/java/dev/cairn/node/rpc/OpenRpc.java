package dev.cairn.node.rpc;

import jakarta.json.JsonObject;
import java.util.Collection;

/// The description of the API that `rpc.discover` returns (OpenRPC 1.3.2).
public final class OpenRpc {

  private OpenRpc() {}

  public static JsonObject document(Collection<RpcMethod> methods, String version) {
    var list = JsonRpc.PROVIDER.createArrayBuilder();
    for (RpcMethod method : methods) {
      list.add(describe(method));
    }
    return JsonRpc.PROVIDER
        .createObjectBuilder()
        .add("openrpc", "1.3.2")
        .add(
            "info",
            JsonRpc.PROVIDER
                .createObjectBuilder()
                .add("title", "Cairn node")
                .add("version", version)
                .add("license", JsonRpc.PROVIDER.createObjectBuilder().add("name", "Apache-2.0")))
        .add("methods", list)
        .build();
  }

  private static JsonObject describe(RpcMethod method) {
    var params = JsonRpc.PROVIDER.createArrayBuilder();
    for (RpcMethod.Param param : method.params()) {
      params.add(
          JsonRpc.PROVIDER
              .createObjectBuilder()
              .add("name", param.name())
              .add("description", param.description())
              .add("required", param.required())
              .add("schema", param.schema().json()));
    }
    return JsonRpc.PROVIDER
        .createObjectBuilder()
        .add("name", method.name())
        .add("summary", method.summary())
        .add("params", params)
        .add(
            "result",
            JsonRpc.PROVIDER
                .createObjectBuilder()
                .add("name", "result")
                .add("schema", method.result().json()))
        .build();
  }
}
