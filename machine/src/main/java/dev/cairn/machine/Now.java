package dev.cairn.machine;

/// The time of one step, read once by whoever drives the machine.
///
/// @param nanos monotonic nanoseconds from an arbitrary origin; deadlines and intervals use only
///   this
/// @param wallMillis milliseconds since 1970-01-01 UTC; for header times only, since it may jump
public record Now(long nanos, long wallMillis) {}
