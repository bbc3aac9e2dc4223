package dev.cairn.libp2p.kad;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Threads that wait for what a machine says to them. Safe for many threads.
final class Calls {

  /// What one thread waits for; bounded, because each call says how much it wants.
  static final class Call {
    private final long id;
    private final BlockingQueue<KadEffect> effects = new LinkedBlockingQueue<>();

    private Call(long id) {
      this.id = id;
    }

    long id() {
      return id;
    }

    KadEffect take() throws InterruptedException {
      return effects.take();
    }
  }

  private final AtomicLong last = new AtomicLong();
  private final Map<Long, Call> open = new ConcurrentHashMap<>();

  Call open() {
    Call call = new Call(last.incrementAndGet());
    open.put(call.id, call);
    return call;
  }

  /// Hands on what is not the last.
  void more(long id, KadEffect effect) {
    Call call = open.get(id);
    if (call != null) {
      call.effects.add(effect);
    }
  }

  /// Hands on the last.
  void end(long id, KadEffect effect) {
    Call call = open.remove(id);
    if (call != null) {
      call.effects.add(effect);
    }
  }

  /// There is no machine any more.
  void refuse(long id) {
    end(id, new KadEffect.Done(id, new KadResult.Refused("the DHT is closed"), 0, 0));
  }

  void close() {
    List.copyOf(open.keySet()).forEach(this::refuse);
  }
}
