package dev.cairn.files.bitswap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What one step of a [Fetcher] has to tell each peer, gathered into one effect for each.
final class Tells {

  private static final class Letter {
    boolean full;
    final List<Entry> entries = new ArrayList<>();
  }

  private final Map<Source, Letter> letters = new LinkedHashMap<>();

  void add(Source source, Entry entry) {
    letters.computeIfAbsent(source, s -> new Letter()).entries.add(entry);
  }

  /// Replaces the whole want-list of a peer.
  void replace(Source source, List<Entry> entries) {
    Letter letter = new Letter();
    letter.full = true;
    letter.entries.addAll(entries);
    letters.put(source, letter);
  }

  void forget(Source source) {
    letters.remove(source);
  }

  void flush(Consumer<? super FetchEffect> out) {
    letters.forEach(
        (source, letter) ->
            out.accept(new FetchEffect.Tell(source.peer, letter.full, letter.entries)));
    letters.clear();
  }
}
