package dev.cairn.core.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.multiformats.Hex;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;

/// A file of `spec/vectors`: what the program makes must be what stands there. With
/// `-Dcairn.vectors.write=true` it is written instead, for a change that is meant.
final class VectorFile {

  private final Path path;

  VectorFile(String name) {
    path = Path.of(System.getProperty("cairn.root", ".."), "spec", "vectors", name);
  }

  void check(Map<String, Object> content) {
    StringBuilder text = new StringBuilder();
    write(content, "", text);
    text.append('\n');
    try {
      if (Boolean.getBoolean("cairn.vectors.write")) {
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
      }
      assertEquals(Files.readString(path), text.toString(), path + " has changed");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonObject read() {
    try (JsonReader reader = Json.createReader(new StringReader(Files.readString(path)))) {
      return reader.readObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<JsonObject> list(String key) {
    JsonArray array = read().getJsonArray(key);
    return array.getValuesAs(JsonObject.class);
  }

  static byte[] bytes(JsonObject object, String key) {
    return Hex.decode(object.getString(key));
  }

  static String hex(byte[] bytes) {
    return Hex.encode(bytes);
  }

  static String hex(Bytes bytes) {
    return Hex.encode(bytes.toArrayUnsafe());
  }

  /// An object from keys and values in turn, in that order.
  static Map<String, Object> object(Object... pairs) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      object.put((String) pairs[i], pairs[i + 1]);
    }
    return object;
  }

  private static void write(Object value, String indent, StringBuilder out) {
    switch (value) {
      case Map<?, ?> map -> {
        out.append('{');
        Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
        while (entries.hasNext()) {
          Map.Entry<?, ?> entry = entries.next();
          out.append('\n').append(indent).append("  ");
          write(String.valueOf(entry.getKey()), "", out);
          out.append(": ");
          write(entry.getValue(), indent + "  ", out);
          out.append(entries.hasNext() ? "," : "\n" + indent);
        }
        out.append('}');
      }
      case List<?> list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append('\n').append(indent).append("  ");
          write(list.get(i), indent + "  ", out);
          out.append(i + 1 < list.size() ? "," : "\n" + indent);
        }
        out.append(']');
      }
      case String text -> out.append(Json.createValue(text));
      case Null _ -> out.append("null");
      default -> out.append(value);
    }
  }

  /// JSON's null, since maps here hold no other.
  enum Null {
    NULL
  }
}
