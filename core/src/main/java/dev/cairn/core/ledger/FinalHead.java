package dev.cairn.core.ledger;

import dev.cairn.core.Hash;
import dev.cairn.multiformats.Cid;

/// The last final block.
public record FinalHead(Cid block, long height, Hash stateRoot) {}
