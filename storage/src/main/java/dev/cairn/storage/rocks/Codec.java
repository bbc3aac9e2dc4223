package dev.cairn.storage.rocks;

import java.util.function.Function;

/// How a key or a value becomes bytes, and back.
///
/// @param decode throws a runtime exception for bytes that `encode` never gives
public record Codec<T>(Function<T, byte[]> encode, Function<byte[], T> decode) {}
