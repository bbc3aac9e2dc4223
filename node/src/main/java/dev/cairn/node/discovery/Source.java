package dev.cairn.node.discovery;

import java.util.Locale;
import java.util.Optional;

/// How a peer became known.
public enum Source {
  /// The operator named it, or a list of the operator's does.
  NAMED,
  /// A file of an earlier version.
  CACHE,
  /// mDNS on the local network.
  LOCAL,
  /// It connected to this node.
  INBOUND,
  /// Another peer handed on its signed record.
  EXCHANGE,
  /// A look-up in the DHT came by it.
  DHT;

  /// The word in files, metrics and answers.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Source> named(String word) {
    for (Source source : values()) {
      if (source.toString().equals(word)) {
        return Optional.of(source);
      }
    }
    return Optional.empty();
  }
}
