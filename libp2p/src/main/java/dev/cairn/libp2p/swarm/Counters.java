package dev.cairn.libp2p.swarm;

import java.util.concurrent.atomic.LongAdder;

/// What a host counts. Shared by all its threads.
public final class Counters {
  public final LongAdder connectionsOpened = new LongAdder();
  public final LongAdder streamsOpened = new LongAdder();
  public final LongAdder bytesRead = new LongAdder();
  public final LongAdder bytesWritten = new LongAdder();
  public final LongAdder dials = new LongAdder();
  public final LongAdder dialsFailed = new LongAdder();
  public final LongAdder upgradesFailed = new LongAdder();
  public final LongAdder connectionsRefused = new LongAdder();
  public final LongAdder connectionsPruned = new LongAdder();
  public final LongAdder streamsRefused = new LongAdder();
  public final LongAdder handlersFailed = new LongAdder();
}
