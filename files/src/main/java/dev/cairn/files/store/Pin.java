package dev.cairn.files.store;

import dev.cairn.multiformats.Cid;
import java.time.Instant;

/// A root that is kept with all below it.
///
/// @param name for a person; need not be unique
/// @param since when it was pinned first
public record Pin(Cid cid, String name, Instant since) {}
