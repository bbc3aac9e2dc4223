package dev.cairn.storage.rocks;

/// One kind of data: a name and two codecs. A list of these is a schema.
///
/// @param name of the column family; part of the store's format
public record Column<K, V>(String name, Codec<K> key, Codec<V> value) {}
