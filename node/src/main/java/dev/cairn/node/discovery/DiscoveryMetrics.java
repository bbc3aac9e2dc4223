package dev.cairn.node.discovery;

/// What discovery has counted.
///
/// @param asksAnswered requests for peers that were answered
/// @param asksRefused requests that came too often
/// @param answersForged answers of others that held something forged
/// @param dropped peers found that were dropped because too many came at once
public record DiscoveryMetrics(
    DiscoveryView view, long asksAnswered, long asksRefused, long answersForged, long dropped) {}
