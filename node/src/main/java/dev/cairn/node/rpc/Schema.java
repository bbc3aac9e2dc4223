package dev.cairn.node.rpc;

import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.util.Map;
import java.util.TreeMap;

/// The part of JSON Schema that the API's description needs.
public record Schema(JsonObject json) {

  private static JsonObjectBuilder type(String type, String description) {
    return JsonRpc.PROVIDER.createObjectBuilder().add("type", type).add("description", description);
  }

  public static Schema string(String description) {
    return new Schema(type("string", description).build());
  }

  public static Schema integer(String description) {
    return new Schema(type("integer", description).build());
  }

  public static Schema bool(String description) {
    return new Schema(type("boolean", description).build());
  }

  public static Schema array(Schema items, String description) {
    return new Schema(type("array", description).add("items", items.json()).build());
  }

  /// An object whose members are all present.
  public static Schema object(String description, Map<String, Schema> members) {
    var properties = JsonRpc.PROVIDER.createObjectBuilder();
    new TreeMap<>(members).forEach((name, schema) -> properties.add(name, schema.json()));
    return new Schema(type("object", description).add("properties", properties).build());
  }
}
