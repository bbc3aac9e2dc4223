package dev.cairn.core.chainspec;

import dev.cairn.core.Address;

/// An account that a chain starts with.
///
/// @param balance base units, at least 1
public record GenesisAccount(Address address, long balance) {}
