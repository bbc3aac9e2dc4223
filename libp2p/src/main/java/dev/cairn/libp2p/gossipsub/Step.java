package dev.cairn.libp2p.gossipsub;

import java.util.function.Consumer;

/// The time of one step of the machine, and where its effects go.
record Step(long nanos, Consumer<? super GossipEffect> out) {}
