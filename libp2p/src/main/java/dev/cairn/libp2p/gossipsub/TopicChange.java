package dev.cairn.libp2p.gossipsub;

/// One `SubOpts` of an RPC: its sender begins or ends to take part in a topic.
public record TopicChange(String topic, boolean subscribe) {}
