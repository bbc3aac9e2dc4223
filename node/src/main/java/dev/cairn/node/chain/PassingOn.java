package dev.cairn.node.chain;

import dev.cairn.libp2p.gossipsub.GossipMessage;
import dev.cairn.libp2p.gossipsub.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// What came straight from validators and is to be passed on by gossip, for those who are not
/// connected to its sender. The others, most of the time all, have it by then; so it does not
/// compete with the votes that decide the present block, but waits a little and goes out with what
/// else came meanwhile, as one message to each peer.
///
/// One virtual thread; any thread may add.
final class PassingOn implements AutoCloseable {

  /// Messages that wait: more than validators send in [#PAUSE]. What finds no room goes at once.
  private static final int QUEUED_MAX = 4_096;

  /// About as long as a block takes to be final among validators that are near to each other.
  private static final Duration PAUSE = Duration.ofMillis(20);

  private record Decided(GossipMessage message, Verdict verdict) {
    void report() {
      message.report(verdict);
    }
  }

  private final BlockingQueue<Decided> queue = new ArrayBlockingQueue<>(QUEUED_MAX);
  private final Thread thread = Thread.ofVirtual().name("votes to pass on").unstarted(this::run);

  void start() {
    thread.start();
  }

  void add(GossipMessage message, Verdict verdict) {
    Decided decided = new Decided(message, verdict);
    if (!queue.offer(decided)) {
      decided.report();
    }
  }

  private void run() {
    List<Decided> batch = new ArrayList<>();
    try {
      while (true) {
        batch.add(queue.take());
        Thread.sleep(PAUSE);
        queue.drainTo(batch);
        batch.forEach(Decided::report);
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
