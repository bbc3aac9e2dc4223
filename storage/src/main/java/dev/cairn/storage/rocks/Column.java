package dev.cairn.storage.rocks;

/// One kind of data: a name and two codecs. A list of these is a schema.
///
/// @param name of the column family; part of the store's format
/// @param large whether its values are long and written once, such as blocks: then those of half a
///   KiB and more lie in files of their own, which no compaction copies again. Whether they do is
///   no part of the format: a store written without goes on as it is
public record Column<K, V>(String name, Codec<K> key, Codec<V> value, boolean large) {

  public Column(String name, Codec<K> key, Codec<V> value) {
    this(name, key, value, false);
  }
}
