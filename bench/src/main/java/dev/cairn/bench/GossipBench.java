package dev.cairn.bench;

import dev.cairn.libp2p.gossipsub.GossipCount;
import dev.cairn.libp2p.gossipsub.GossipMessage;
import dev.cairn.libp2p.gossipsub.GossipParams;
import dev.cairn.libp2p.gossipsub.Gossipsub;
import dev.cairn.libp2p.gossipsub.MessageIds;
import dev.cairn.libp2p.gossipsub.SignaturePolicy;
import dev.cairn.libp2p.gossipsub.Subscription;
import dev.cairn.libp2p.gossipsub.TopicParams;
import dev.cairn.libp2p.gossipsub.Verdict;
import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Gossip between hosts in one JVM over TCP on loopback: messages of 1 KiB at a steady rate, each
/// signed by its author and verified by everyone, published by the hosts in turn.
///
/// `GossipBench [rate a second] [seconds] [hosts] [bytes] [sign|nosign]` prints, after a warm-up,
/// the share of deliveries that came, the time from publishing to delivery, and the CPU time of the
/// whole process for each delivery.
public final class GossipBench {

  private static final int DIALS = 6;
  private static final int WARM_UP_SECONDS = 5;
  private static final String TOPIC = "bench";

  private final List<Libp2pHost> hosts = new ArrayList<>();
  private final List<Gossipsub> gossipsubs = new ArrayList<>();
  private final TopicParams topic;
  private final byte[] filling;
  private final AtomicInteger delivered = new AtomicInteger();
  private volatile long[] latencies = new long[0];

  private GossipBench(int bytes, boolean sign) {
    filling = new byte[bytes];
    new Random(1).nextBytes(filling);
    topic =
        new TopicParams(
            TOPIC,
            sign ? SignaturePolicy.STRICT_SIGN : SignaturePolicy.STRICT_NO_SIGN,
            bytes,
            100_000,
            MessageIds.CONTENT);
  }

  public static void main(String[] args) throws Exception {
    int rate = number(args, 0, 300);
    int seconds = number(args, 1, 10);
    int hosts = number(args, 2, 20);
    boolean sign = args.length < 5 || args[4].equals("sign");
    GossipBench bench = new GossipBench(number(args, 3, 1_024), sign);
    bench.start(hosts);
    bench.publish(rate, rate * WARM_UP_SECONDS);
    bench.measure(rate, rate * seconds);
    System.exit(0);
  }

  private static int number(String[] args, int index, int otherwise) {
    return args.length > index ? Integer.parseInt(args[index]) : otherwise;
  }

  private void start(int count) throws IOException {
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < count; i++) {
      Identity identity = Identity.generate(random);
      Libp2pHost host =
          new Libp2pHost(
              identity,
              HostParams.listeningOn(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")),
              List.of(new TcpTransport()),
              new Peerstore(Clock.system()),
              Clock.system(),
              random);
      Gossipsub gossipsub =
          Gossipsub.start(host, identity, GossipParams.STANDARD, Clock.system(), i);
      Subscription subscription = gossipsub.subscribe(topic);
      Thread.startVirtualThread(() -> take(subscription));
      hosts.add(host);
      gossipsubs.add(gossipsub);
    }
    Random choice = new Random(2);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < DIALS; j++) {
        Libp2pHost other = hosts.get(choice.nextInt(count));
        if (!other.equals(hosts.get(i))) {
          hosts.get(i).connect(other.id(), other.addresses());
        }
      }
    }
    while (gossipsubs.stream().anyMatch(g -> g.meshPeers(TOPIC).size() < Math.min(4, count - 1))) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private void take(Subscription subscription) {
    try {
      while (true) {
        GossipMessage message = subscription.take();
        long latency = System.nanoTime() - ByteBuffer.wrap(message.data()).getLong();
        message.report(Verdict.ACCEPT);
        int index = delivered.getAndIncrement();
        long[] all = latencies;
        if (index < all.length) {
          all[index] = latency;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Publishes at the rate and waits until everything has come or three seconds have passed.
  private void publish(int rate, int count) {
    int expected = count * (hosts.size() - 1);
    delivered.set(0);
    latencies = new long[expected];
    long began = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long due = began + i * 1_000_000_000L / rate;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      byte[] data = filling.clone();
      ByteBuffer.wrap(data).putLong(System.nanoTime()).putInt(i);
      gossipsubs.get(i % gossipsubs.size()).publish(TOPIC, data);
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(3);
    while (delivered.get() < expected && System.nanoTime() < end) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private void measure(int rate, int count) {
    long cpu = Children.cpu(ProcessHandle.current());
    long copies = count(GossipCount.DUPLICATE);
    long began = System.nanoTime();
    publish(rate, count);
    double seconds = (System.nanoTime() - began) / 1e9;
    double cpuMicros = (Children.cpu(ProcessHandle.current()) - cpu) / 1e3;
    int came = Math.min(delivered.get(), latencies.length);
    long[] sorted = Arrays.copyOf(latencies, came);
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%d messages of %d bytes between %d hosts at %d/s: %.2f%% delivered in %.1f s, "
            + "p50 %.1f ms, p99 %.1f ms, max %.1f ms, %.1f CPU us a delivery, %.1f duplicates a "
            + "delivery%n",
        count,
        filling.length,
        hosts.size(),
        rate,
        100.0 * came / latencies.length,
        seconds,
        at(sorted, 0.5),
        at(sorted, 0.99),
        at(sorted, 1),
        cpuMicros / Math.max(1, came),
        (double) (count(GossipCount.DUPLICATE) - copies) / Math.max(1, came));
  }

  private long count(GossipCount which) {
    return gossipsubs.stream().mapToLong(g -> g.metrics().get(which)).sum();
  }

  private static double at(long[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, sorted.length * share)] / 1e6;
  }
}
