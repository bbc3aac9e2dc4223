package dev.cairn.core.chainspec;

/// From this height on, the rules and signatures are those of the fork version.
///
/// @param forkVersion at least 1; version 0 holds before the first upgrade
/// @param height at least 1
public record Upgrade(int forkVersion, long height) {}
