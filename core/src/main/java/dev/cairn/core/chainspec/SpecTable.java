package dev.cairn.core.chainspec;

import com.electronwill.nightconfig.core.UnmodifiableConfig;
import dev.cairn.core.Address;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/// A table of a chain spec file. It names the place of whatever is missing, wrong or unknown, in a
/// [ChainSpecException].
public final class SpecTable {

  private final String place;
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Set<String> read = new HashSet<>();

  SpecTable(String place, UnmodifiableConfig table) {
    this.place = place;
    table.entrySet().forEach(entry -> values.put(entry.getKey(), entry.getRawValue()));
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  public String text(String key) {
    if (value(key) instanceof String text) {
      return text;
    }
    throw wrong(key, "must be text in quotes");
  }

  public long integer(String key) {
    return integer(key, value(key));
  }

  private long integer(String key, Object value) {
    return switch (value) {
      case Integer number -> number;
      case Long number -> number;
      default -> throw wrong(key, "must be an integer");
    };
  }

  public int smallInteger(String key) {
    long value = integer(key);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw wrong(key, "is out of range: " + value);
    }
    return (int) value;
  }

  /// Milliseconds of a date with time and offset.
  public long time(String key) {
    if (value(key) instanceof OffsetDateTime time) {
      return time.toInstant().toEpochMilli();
    }
    throw wrong(key, "must be a time such as 2026-01-01T00:00:00Z");
  }

  public Address address(String key) {
    try {
      return Address.parse(text(key));
    } catch (MalformedException e) {
      throw wrong(key, "is not an address: " + e.getMessage());
    }
  }

  public Bytes hex(String key, int length) {
    try {
      byte[] bytes = Hex.decode(text(key));
      if (bytes.length == length) {
        return Bytes.wrap(bytes);
      }
      throw wrong(key, "has " + bytes.length + " bytes, not " + length);
    } catch (MalformedException e) {
      throw wrong(key, "is not hexadecimal");
    }
  }

  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof String text)) {
        throw wrong(key, "must be a list of texts");
      }
      texts.add(text);
    }
    return texts;
  }

  public SpecTable table(String key) {
    if (value(key) instanceof UnmodifiableConfig table) {
      return new SpecTable(name(key), table);
    }
    throw wrong(key, "must be a table");
  }

  /// The tables of an array of tables, none when the key is absent.
  public List<SpecTable> tables(String key) {
    if (!has(key)) {
      return List.of();
    }
    List<SpecTable> tables = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof UnmodifiableConfig table)) {
        throw wrong(key, "must be tables");
      }
      tables.add(new SpecTable(name(key) + "[" + tables.size() + "]", table));
    }
    return tables;
  }

  /// Everything must have been read: a misspelt key must not go unnoticed, since it would make
  /// another chain.
  public void end() {
    for (String key : values.keySet()) {
      if (!read.contains(key)) {
        throw wrong(key, "is not known");
      }
    }
  }

  private List<?> list(String key) {
    if (value(key) instanceof List<?> list) {
      return list;
    }
    throw wrong(key, "must be a list");
  }

  private Object value(String key) {
    read.add(key);
    Object value = values.get(key);
    if (value == null) {
      throw wrong(key, "is missing");
    }
    return value;
  }

  private String name(String key) {
    return place.isEmpty() ? key : place + "." + key;
  }

  ChainSpecException wrong(String key, String what) {
    return new ChainSpecException("chain spec: '" + name(key) + "' " + what);
  }
}
