package dev.cairn.core.consensus;

import dev.cairn.multiformats.Cid;
import org.apache.tuweni.bytes.Bytes;

/// The latest final block, as the chain store has it.
///
/// @param block its CID
/// @param height its height; 0 is genesis
/// @param timeMillis the time in its header
/// @param certificate what makes it final, as [EngineEffect.Finalized] gave it; empty for genesis,
///   and for a block that is final only as the ancestor of another
public record Tip(Cid block, long height, long timeMillis, Bytes certificate) {}
