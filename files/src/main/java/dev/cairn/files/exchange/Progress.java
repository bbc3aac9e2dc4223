package dev.cairn.files.exchange;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/// How far a download is.
///
/// @param bytes of all blocks that are here, fetched now or before
/// @param totalBytes of all blocks together, where the root tells it (only its maker's word)
/// @param blocks how many blocks are here
/// @param blocksKnown how many blocks are known to belong to the DAG so far
/// @param fetchedBytes of the blocks that this download fetched
/// @param bytesPerSecond over the last few seconds
/// @param elapsed since the start, to the end if it is over
/// @param done whether everything is here
/// @param sources by peer, the most useful first
public record Progress(
    long bytes,
    OptionalLong totalBytes,
    long blocks,
    long blocksKnown,
    long fetchedBytes,
    long bytesPerSecond,
    Duration elapsed,
    boolean done,
    List<SourceReport> sources) {

  public Progress {
    sources = List.copyOf(sources);
  }
}
