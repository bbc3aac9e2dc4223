package dev.cairn.core.consensus;

/// An engine with a node's part in it, and what verifies the chain without it.
///
/// @param engine not started yet
public record EngineParts(Engine engine, SealVerifier seals) {}
