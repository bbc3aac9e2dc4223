package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Hash;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Origin;
import dev.cairn.multiformats.Cid;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/// Virtual time and a network that drops, duplicates, delays and cuts, all from one seed.
final class SimNetwork {

  private record Event(long nanos, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event o) {
      return nanos != o.nanos ? Long.compare(nanos, o.nanos) : Long.compare(number, o.number);
    }
  }

  private static final long MILLI = 1_000_000;

  final TestChain chain;
  final SimplexTiming timing;
  final Random random;
  final List<SimNode> nodes = new ArrayList<>();
  boolean persistence = true;
  boolean keepTrace;
  double drop;
  double duplicate;
  double crashPerEffect;
  long delayMillisMax = 5;
  long downMillisMax = 1_000;
  int evidence;
  int crashes;
  int gaps;
  long sent;
  long nanos;
  final List<String> conflicts = new ArrayList<>();
  final List<String> rejections = new ArrayList<>();
  Hash traceHash = Hash.ZERO;

  private final TreeMap<Long, Cid> finals = new TreeMap<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long numbers;
  private int[] side = new int[0];

  SimNetwork(TestChain chain, SimplexTiming timing, long seed) {
    this.chain = chain;
    this.timing = timing;
    this.random = new Random(seed);
  }

  SimNode add(String name, int validator, boolean honest, long skewMillis) {
    SimNode node = new SimNode(this, name, validator, honest, skewMillis);
    nodes.add(node);
    return node;
  }

  void start() {
    side = new int[nodes.size()];
    nodes.forEach(SimNode::start);
  }

  void after(long delayNanos, Runnable action) {
    events.add(new Event(nanos + delayNanos, numbers++, action));
  }

  /// Runs for so long; stops early at a conflict.
  void run(long millis) {
    long end = nanos + millis * MILLI;
    while (conflicts.isEmpty()) {
      long next = events.isEmpty() ? Long.MAX_VALUE : events.peek().nanos;
      for (SimNode node : nodes) {
        next = Math.min(next, Math.max(nanos, node.deadlineNanos()));
      }
      if (next > end) {
        nanos = end;
        return;
      }
      nanos = Math.max(nanos, next);
      while (!events.isEmpty() && events.peek().nanos <= nanos) {
        events.poll().action.run();
      }
      nodes.forEach(SimNode::tick);
    }
  }

  /// Puts each node on one of so many sides; messages pass only within a side.
  void partition(int sides) {
    for (int i = 0; i < side.length; i++) {
      side[i] = random.nextInt(sides);
    }
  }

  void sides(int... sides) {
    side = sides.clone();
  }

  void heal() {
    side = new int[nodes.size()];
    drop = 0;
    duplicate = 0;
    crashPerEffect = 0;
    delayMillisMax = 20;
  }

  private boolean cut(SimNode a, SimNode b) {
    return side[nodes.indexOf(a)] != side[nodes.indexOf(b)];
  }

  void broadcast(SimNode from, Function<Origin, EngineInput> message) {
    for (SimNode to : nodes) {
      if (to != from) {
        send(from, to, message.apply(from.origin()));
      }
    }
  }

  void send(SimNode from, SimNode to, EngineInput input) {
    int copies = random.nextDouble() < duplicate ? 2 : 1;
    for (int i = 0; i < copies; i++) {
      if (cut(from, to) || random.nextDouble() < drop) {
        continue;
      }
      long delay = 1 + random.nextLong(delayMillisMax * MILLI);
      if (random.nextInt(50) == 0) {
        delay *= 10;
      }
      sent++;
      after(
          delay,
          () -> {
            if (!cut(from, to)) {
              to.take(input);
            }
          });
    }
  }

  void request(SimNode from, EngineEffect.RequestBlock wanted) {
    for (SimNode to : nodes) {
      if (to != from && to.running() && random.nextInt(2) == 0) {
        to.block(wanted.block())
            .ifPresent(
                block ->
                    send(
                        to,
                        from,
                        new EngineInput.BlockReceived(
                            block, org.apache.tuweni.bytes.Bytes.EMPTY, to.origin())));
        return;
      }
    }
  }

  void sync(SimNode behind) {
    SimNode other = nodes.get(random.nextInt(nodes.size()));
    if (other != behind && !cut(behind, other)) {
      after(5 * MILLI, () -> behind.syncFrom(other));
    }
  }

  boolean crashNow(SimNode node) {
    return node.honest && random.nextDouble() < crashPerEffect;
  }

  /// Rare to happen by chance, so it is made likely.
  boolean crashBetweenCommits(SimNode node) {
    boolean now = node.honest && crashPerEffect > 0 && random.nextInt(3) == 0;
    gaps += now ? 1 : 0;
    return now;
  }

  void crash(SimNode node) {
    crashes++;
    node.crash();
    after(random.nextLong(downMillisMax * MILLI) + 1, node::start);
  }

  void finalized(SimNode node, Block block) {
    if (!node.honest) {
      return;
    }
    Cid other = finals.putIfAbsent(block.height(), block.id());
    if (other != null && !other.equals(block.id())) {
      conflict(node.name + " has " + block + " final, another has " + other);
    }
  }

  void conflict(String what) {
    conflicts.add(what);
  }

  void rejected(SimNode by, Origin origin, String reason) {
    rejections.add(by.name + " rejects " + origin.peer() + ": " + reason);
  }

  void trace(String node, EngineEffect effect) {
    if (keepTrace) {
      String line = nanos + " " + node + " " + new Transcript().line(effect);
      traceHash = Hash.sha256(traceHash.bytes(), line.getBytes(StandardCharsets.UTF_8));
    }
  }

  long finalHeight() {
    return finals.isEmpty() ? 0 : finals.lastKey();
  }
}
