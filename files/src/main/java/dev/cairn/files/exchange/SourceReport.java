package dev.cairn.files.exchange;

import dev.cairn.libp2p.peer.PeerId;

/// What one peer has done for one download.
///
/// @param bytes what it delivered that was good, without duplicates
/// @param blocks how many blocks that was
/// @param state what is thought of it now
/// @param why in a few words for a person; empty where there is nothing to say
public record SourceReport(PeerId peer, long bytes, long blocks, SourceState state, String why) {}
