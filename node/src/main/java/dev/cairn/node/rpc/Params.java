package dev.cairn.node.rpc;

import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;

/// The parameters of one call, by name or by position, read with a clear error for each fault.
public final class Params {

  private final List<String> names;
  private final JsonValue values;

  private Params(List<String> names, JsonValue values) {
    this.names = names;
    this.values = values;
  }

  /// @param names the parameters of the method in their order
  /// @param values an object, an array, or null for none
  static Params of(List<String> names, JsonValue values) {
    switch (values) {
      case JsonArray array when array.size() > names.size() ->
          throw RpcException.invalidParams(
              "too many parameters: " + array.size() + ", at most " + names.size());
      case JsonObject object -> {
        for (String name : object.keySet()) {
          if (!names.contains(name)) {
            throw RpcException.invalidParams(
                "unknown parameter '" + name + "'; known: " + String.join(", ", names));
          }
        }
      }
      case JsonArray array -> {}
      default ->
          throw new RpcException(
              RpcException.INVALID_REQUEST, "params must be an object or an array");
    }
    return new Params(names, values);
  }

  private Optional<JsonValue> value(String name) {
    JsonValue value =
        switch (values) {
          case JsonObject object -> object.get(name);
          case JsonArray array -> {
            int at = names.indexOf(name);
            yield at >= 0 && at < array.size() ? array.get(at) : null;
          }
          default -> null;
        };
    return Optional.ofNullable(value).filter(v -> v.getValueType() != JsonValue.ValueType.NULL);
  }

  public boolean has(String name) {
    return value(name).isPresent();
  }

  public String string(String name) {
    return optionalString(name)
        .orElseThrow(() -> RpcException.invalidParams("parameter '" + name + "' is missing"));
  }

  public Optional<String> optionalString(String name) {
    return value(name)
        .map(
            v -> {
              if (v instanceof JsonString s) {
                return s.getString();
              }
              throw RpcException.invalidParams("parameter '" + name + "' must be a string");
            });
  }

  /// A list of 1 to `max` strings.
  public List<String> strings(String name, int max) {
    JsonValue list =
        value(name)
            .orElseThrow(() -> RpcException.invalidParams("parameter '" + name + "' is missing"));
    if (list instanceof JsonArray array
        && !array.isEmpty()
        && array.size() <= max
        && array.stream().allMatch(JsonString.class::isInstance)) {
      return array.getValuesAs(JsonString::getString);
    }
    throw RpcException.invalidParams(
        "parameter '" + name + "' must be a list of 1 to " + max + " strings");
  }

  /// A whole number between the bounds, both included.
  public Optional<Long> optionalLong(String name, long min, long max) {
    return value(name)
        .map(
            v -> {
              if (v instanceof JsonNumber n && n.isIntegral()) {
                try {
                  long number = n.longValueExact();
                  if (number >= min && number <= max) {
                    return number;
                  }
                } catch (ArithmeticException e) {
                  // Out of the range of a long, so out of the bounds too.
                }
              }
              throw RpcException.invalidParams(
                  "parameter '" + name + "' must be a whole number from " + min + " to " + max);
            });
  }

  /// A whole number that must be there, as [#optionalLong] reads it.
  public long requiredLong(String name, long min, long max) {
    return optionalLong(name, min, max)
        .orElseThrow(() -> RpcException.invalidParams("parameter '" + name + "' is missing"));
  }

  public boolean flag(String name) {
    return value(name)
        .map(
            v -> {
              return switch (v.getValueType()) {
                case TRUE -> true;
                case FALSE -> false;
                case ARRAY, OBJECT, STRING, NUMBER, NULL ->
                    throw RpcException.invalidParams(
                        "parameter '" + name + "' must be true or false");
              };
            })
        .orElse(false);
  }
}
