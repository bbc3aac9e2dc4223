package dev.cairn.core.transaction;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import java.util.Collections;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;

/// The handlers that this program has, by tag.
public final class TransactionHandlers {

  private static final SortedMap<Integer, TransactionHandler> INSTALLED = load();

  private TransactionHandlers() {}

  private static SortedMap<Integer, TransactionHandler> load() {
    SortedMap<Integer, TransactionHandler> handlers = new TreeMap<>();
    ServiceLoader<TransactionHandler> found =
        ServiceLoader.load(TransactionHandler.class, TransactionHandlers.class.getClassLoader());
    for (TransactionHandler handler : found) {
      TransactionHandler other = handlers.putIfAbsent(handler.tag(), handler);
      if (other != null || handler.tag() < 0 || handler.tag() > TransactionHandler.TAG_MAX) {
        throw new IllegalStateException(
            "payload tag " + handler.tag() + " of " + handler.name() + " is taken or out of range");
      }
    }
    return Collections.unmodifiableSortedMap(handlers);
  }

  /// All of them, ascending by tag.
  public static SortedMap<Integer, TransactionHandler> installed() {
    return INSTALLED;
  }

  /// The handler of a tag.
  public static Optional<TransactionHandler> find(int tag) {
    return Optional.ofNullable(INSTALLED.get(tag));
  }

  /// The handler of that name.
  public static Optional<TransactionHandler> named(String name) {
    return INSTALLED.values().stream().filter(h -> h.name().equals(name)).findFirst();
  }

  static Payload decode(CborReader reader) {
    int fields = reader.array();
    if (fields < 1) {
      throw new MalformedException("a payload starts with its tag");
    }
    long tag = reader.uint();
    TransactionHandler handler =
        tag <= TransactionHandler.TAG_MAX ? INSTALLED.get((int) tag) : null;
    if (handler == null) {
      throw new MalformedException("unknown payload tag " + tag);
    }
    return handler.decode(reader, fields - 1);
  }

  /// Checks the number of fields after the tag.
  static void expectFields(int expected, int actual) {
    if (expected != actual) {
      throw new MalformedException("a payload with " + actual + " fields, not " + expected);
    }
  }
}
