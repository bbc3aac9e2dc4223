package dev.cairn.files.bitswap;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// A peer that blocks can be asked of, with what it owes and how fast it delivers.
///
/// Owner: the [Fetcher].
final class Source {

  /// The keys asked for that are remembered, to tell a late block from one that nobody asked for.
  private static final int ASKED_MAX = 2_048;

  /// The bytes of a block before any has come.
  private static final int BLOCK_BYTES_GUESS = 256 << 10;

  /// A burst shorter than this says nothing about a rate.
  private static final long SAMPLE_NANOS = 50_000_000;

  private static final double SAMPLE_WEIGHT = 0.3;
  private static final double SIZE_WEIGHT = 0.1;

  final PeerId peer;
  final boolean presences;
  private final long roundTripNanos;
  private final BitswapParams params;

  /// What it owes, by key, in the order in which it was asked.
  final Map<Cid, Item> owed = new LinkedHashMap<>();

  /// The wanted blocks that it says it has.
  final Set<Cid> haves = new LinkedHashSet<>();

  /// The blocks for which it was asked to say when it has them.
  final Set<Cid> standing = new LinkedHashSet<>();

  private final Set<Cid> everAsked = new LinkedHashSet<>();
  private double bytesPerNano;
  private double blockBytes = BLOCK_BYTES_GUESS;
  private long sampleSince;
  private long sampleBytes;

  /// When it last sent anything while it owed something, or began to owe.
  long heardNanos;

  private long intervalSince;
  private long intervalBytes;

  int strikes;
  int stalls;
  long restUntilNanos;
  boolean letGo;
  boolean expecting;

  Source(PeerId peer, boolean presences, long roundTripNanos, BitswapParams params) {
    this.peer = peer;
    this.presences = presences;
    this.roundTripNanos = roundTripNanos;
    this.params = params;
  }

  /// How many blocks it should owe: what it delivers in the pipeline's time, at least the minimum,
  /// and many where they are small.
  int depth() {
    double time = params.pipelineTime().toNanos() + 2.0 * roundTripNanos;
    double byRate = bytesPerNano * time / blockBytes;
    double small = (double) (BLOCK_BYTES_GUESS * 2) / blockBytes;
    double blocks = Math.max(Math.max(byRate, small), params.pipelineMin());
    double most = Math.min(params.pipelineMax(), params.pipelineBytesMax() / blockBytes);
    return (int) Math.max(params.pipelineMin(), Math.min(blocks, most));
  }

  boolean usable(long now) {
    return !letGo && restUntilNanos <= now;
  }

  /// Whether it owes something that a session wants.
  boolean owes(Session session) {
    return owed.values().stream().anyMatch(item -> item.sessions.contains(session));
  }

  /// Bytes per nanosecond; 0 while nothing has come.
  double rate() {
    return bytesPerNano;
  }

  void ask(Item item, long now) {
    if (owed.isEmpty()) {
      heardNanos = now;
      sampleSince = now;
      sampleBytes = 0;
      intervalSince = now;
      intervalBytes = 0;
    }
    owed.put(item.key, item);
    note(item.key);
  }

  /// Remembers that a block may come.
  void note(Cid key) {
    everAsked.remove(key);
    everAsked.add(key);
    if (everAsked.size() > ASKED_MAX) {
      everAsked.remove(everAsked.iterator().next());
    }
  }

  boolean wasAsked(Cid key) {
    return everAsked.contains(key);
  }

  void heard(int bytes, long now) {
    heardNanos = now;
    sampleBytes += bytes;
    intervalBytes += bytes;
    long time = now - sampleSince;
    if (time >= SAMPLE_NANOS) {
      double sample = (double) sampleBytes / time;
      bytesPerNano =
          bytesPerNano == 0 ? sample : bytesPerNano + SAMPLE_WEIGHT * (sample - bytesPerNano);
      sampleSince = now;
      sampleBytes = 0;
    }
  }

  void size(int bytes) {
    blockBytes += SIZE_WEIGHT * (Math.max(bytes, 64) - blockBytes);
  }

  /// How long it will take for what it owes up to a place in the queue, counted from 1.
  double etaNanos(int place) {
    double rate = bytesPerNano == 0 ? 1e-3 : bytesPerNano;
    return place * blockBytes / rate + roundTripNanos;
  }

  /// Whether it owes something and has sent nothing for too long.
  boolean stalls(long now) {
    return !owed.isEmpty() && now - heardNanos > params.stall().toNanos();
  }

  /// Whether it owes something and has sent next to nothing over a whole interval.
  boolean crawls(long now) {
    if (owed.isEmpty() || now - intervalSince < params.interval().toNanos()) {
      return false;
    }
    boolean crawls = intervalBytes < params.intervalBytesMin();
    intervalSince = now;
    intervalBytes = 0;
    return crawls;
  }
}
