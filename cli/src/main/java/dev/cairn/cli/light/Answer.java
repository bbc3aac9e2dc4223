package dev.cairn.cli.light;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.multiformats.MalformedException;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.tuweni.bytes.Bytes;

/// A JSON object from a node that may lie: whatever is not in form is said to be so, never trusted
/// to have the type that it should.
record Answer(String method, JsonObject json) {

  static Answer of(String method, JsonValue value) {
    if (value instanceof JsonObject object) {
      return new Answer(method, object);
    }
    throw malformed(method, "no object");
  }

  /// The items of an array of objects.
  ///
  /// @param max how many there may be
  static List<Answer> list(String method, JsonValue value, int max) {
    if (!(value instanceof JsonArray array) || array.size() > max) {
      throw malformed(method, "no list of at most " + max);
    }
    return array.stream().map(item -> of(method, item)).toList();
  }

  String text(String name) {
    if (json.get(name) instanceof JsonString text) {
      return text.getString();
    }
    throw malformed(method, "no text '" + name + "'");
  }

  Bytes bytes(String name) {
    return parsed(name, text -> Bytes.wrap(Base64.getDecoder().decode(text)));
  }

  /// Bytes, or nothing for null.
  Optional<Bytes> bytesOrNull(String name) {
    return JsonValue.NULL.equals(json.get(name)) ? Optional.empty() : Optional.of(bytes(name));
  }

  <T> T parsed(String name, Function<String, T> parser) {
    return parse(text(name), name, parser);
  }

  int integer(String name) {
    if (json.get(name) instanceof JsonNumber number && number.isIntegral()) {
      try {
        return number.intValueExact();
      } catch (ArithmeticException e) {
        throw malformed(method, "too large a number '" + name + "'");
      }
    }
    throw malformed(method, "no number '" + name + "'");
  }

  /// The items of an array of text.
  <T> List<T> parsedList(String name, int max, Function<String, T> parser) {
    if (!(json.get(name) instanceof JsonArray array) || array.size() > max) {
      throw malformed(method, "no list '" + name + "' of at most " + max);
    }
    return array.stream()
        .map(
            item -> {
              if (item instanceof JsonString text) {
                return parse(text.getString(), name, parser);
              }
              throw malformed(method, "something else than text in '" + name + "'");
            })
        .toList();
  }

  Optional<List<Answer>> optionalList(String name, int max) {
    return json.containsKey(name)
        ? Optional.of(list(method, json.getOrDefault(name, JsonValue.NULL), max))
        : Optional.empty();
  }

  private <T> T parse(String text, String name, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (MalformedException | IllegalArgumentException e) {
      throw malformed(method, "a bad '" + name + "' (" + e.getMessage() + ")");
    }
  }

  private static CliException malformed(String method, String what) {
    return new CliException(
        Exit.REFUSED, "the node's answer to " + method + " proves nothing: " + what);
  }
}
