package dev.cairn.node.discovery;

import dev.cairn.machine.Now;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// When to ask other peers, and the DHT, who else there is: rarely while there are enough peers,
/// soon and then ever less often while there are too few. Owner: the machine that holds it.
final class Enquiry {

  private final DiscoveryParams params;
  private final RandomGenerator random;
  private long askNanos;
  private long walkNanos;
  private Duration askWait = DiscoveryParams.ASK_SOONEST;
  private boolean hungry;

  Enquiry(DiscoveryParams params, RandomGenerator random) {
    this.params = params;
    this.random = random;
  }

  void begin(Now now) {
    askNanos = now.nanos() + jittered(params.ask());
    walkNanos = now.nanos() + jittered(DiscoveryParams.ASK_SOONEST);
  }

  /// Between half and all of the time.
  private long jittered(Duration time) {
    long half = time.toNanos() / 2;
    return half + (long) (random.nextDouble() * half);
  }

  /// Somebody new was named: it is worth asking again soon.
  void fruitful() {
    askWait = DiscoveryParams.ASK_SOONEST;
  }

  /// @param needy whether there are too few peers and nobody to dial
  void pump(Now now, boolean needy, Links links, Consumer<? super DiscoveryEffect> out) {
    if (needy && !hungry) {
      askNanos = Math.min(askNanos, now.nanos() + jittered(askWait));
      walkNanos = Math.min(walkNanos, now.nanos() + jittered(DiscoveryParams.WALK_HUNGRY));
    }
    hungry = needy;
    List<Link> answering =
        links.all().stream()
            .filter(l -> l.ours && l.exchanges && !l.leaving && (l.outbound || needy))
            .toList();
    if (askNanos <= now.nanos()) {
      askNanos = now.nanos() + jittered(needy ? askWait : params.ask());
      Duration longer = askWait.multipliedBy(2);
      Duration most = DiscoveryParams.ASK_HUNGRY_MOST;
      askWait = longer.compareTo(most) < 0 ? longer : most;
      if (!answering.isEmpty()) {
        Link one = answering.get(random.nextInt(answering.size()));
        out.accept(new DiscoveryEffect.Ask(one.peer));
      }
    }
    if (walkNanos <= now.nanos()) {
      walkNanos = now.nanos() + jittered(needy ? DiscoveryParams.WALK_HUNGRY : params.walk());
      out.accept(new DiscoveryEffect.Walk());
    }
  }

  long dueNanos() {
    return Math.min(askNanos, walkNanos);
  }
}
