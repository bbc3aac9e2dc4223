package dev.cairn.bench;

import dev.cairn.core.Address;
import dev.cairn.core.Coins;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.node.keys.Keystore;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.apache.tuweni.bytes.Bytes;

/// Transactions of 1 KiB through a running network.
///
/// `ChainBench RPC FOLDER [WARM SECONDS [RATE...]]`: Put transactions are handed to one node, as
/// many as it takes, from accounts that are funded first; after WARM seconds (20) it prints what
/// became final in each 10 of SECONDS (60), with the nodes' CPU time. Then, for each RATE (1, 100
/// and 2000 a second), the time from handing a transaction in to the answer that it is final at
/// that node, and the part of it that the node counts itself: from the submission to final.
///
/// FOLDER is that of `cairn testnet`; the account in it pays.
public final class ChainBench {

  private static final int SENDERS = 96;
  private static final int BATCH = 32;
  private static final int RATE_SENDERS = 256;

  /// Connections of an open load. A node handles 128 requests at once, and each of these is one for
  /// as long as its transaction is on its way.
  private static final int CALLERS = 112;

  /// Ends the work of one caller.
  private static final Due END = new Due(-1, 0, Bytes.EMPTY);

  private static final long WAIT_MILLIS = 60_000;
  private static final int SLICE_SECONDS = 10;
  private static final int AHEAD_PER_SECOND = 5_000;

  private final String url;
  private final RpcCaller rpc;
  private final Workload workload;
  private final Ed25519Key funded;
  private final NodeCpu cpu;
  private final LongAdder finalized = new LongAdder();
  private final ConcurrentHashMap<String, Integer> failures = new ConcurrentHashMap<>();
  private volatile boolean over;

  private ChainBench(String url, Path folder) throws IOException {
    this.url = url;
    this.rpc = new RpcCaller(url);
    this.workload = new Workload(rpc);
    this.cpu = NodeCpu.of(folder);
    String passphrase = Files.readString(folder.resolve("account.password")).strip();
    this.funded = Keystore.read(folder.resolve("account.json")).open(passphrase);
  }

  public static void main(String[] args) throws Exception {
    ChainBench bench = new ChainBench(args[0], Path.of(args[1]));
    int warm = args.length > 2 ? Integer.parseInt(args[2]) : 20;
    int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 60;
    if (seconds > 0) {
      bench.throughput(warm, seconds);
    }
    List<String> rates =
        args.length > 4 ? List.of(args).subList(4, args.length) : List.of("1", "100", "2000");
    for (String rate : rates) {
      bench.latency(Integer.parseInt(rate));
    }
  }

  private List<Ed25519Key> fund(int count) throws IOException {
    List<Ed25519Key> senders = new ArrayList<>();
    List<byte[]> batch = new ArrayList<>();
    long next = Workload.nonce(rpc, funded);
    for (int i = 0; i < count; i++) {
      senders.add(Ed25519Key.generate(new SecureRandom()));
      Address to = Address.of(senders.getLast().publicKey());
      batch.add(workload.sign(funded, next++, new Transfer(to, 10 * Coins.ONE)));
      if (batch.size() == BATCH || i == count - 1) {
        submit(rpc, batch);
        batch.clear();
      }
    }
    return senders;
  }

  /// Hands in a sender's transactions together and returns when all of them are final.
  private void submit(RpcCaller caller, List<byte[]> transactions) throws IOException {
    JsonObject answer = (JsonObject) caller.post(Workload.submission(transactions, WAIT_MILLIS));
    for (JsonObject outcome :
        RpcCaller.result(answer).getJsonArray("outcomes").getValuesAs(JsonObject.class)) {
      if (!outcome.getString("status").equals("final")) {
        throw new IllegalStateException("a transaction came to " + outcome);
      }
    }
    finalized.add(transactions.size());
  }

  private void throughput(int warm, int seconds) throws Exception {
    int each = Math.max(1, (warm + seconds) * AHEAD_PER_SECOND / (SENDERS * BATCH)) * BATCH;
    System.out.printf("signing %d transactions ahead ...%n", each * SENDERS);
    List<List<byte[]>> work = new ArrayList<>();
    for (Ed25519Key sender : fund(SENDERS)) {
      List<byte[]> signed = new ArrayList<>();
      for (int nonce = 0; nonce < each; nonce++) {
        signed.add(workload.put(sender, nonce));
      }
      work.add(signed);
    }
    List<Thread> threads = new ArrayList<>();
    for (List<byte[]> transactions : work) {
      threads.add(Thread.ofVirtual().start(() -> submitAll(transactions)));
    }
    Thread.sleep(warm * 1_000L);
    long from = finalized.sum();
    long started = System.nanoTime();
    long used = cpu.nanos();
    long last = from;
    for (int slice = SLICE_SECONDS; slice <= seconds; slice += SLICE_SECONDS) {
      long end = started + slice * 1_000_000_000L;
      LockSupport.parkNanos(end - System.nanoTime());
      long now = finalized.sum();
      System.out.printf("  second %3d: %5d a second%n", slice, (now - last) / SLICE_SECONDS);
      last = now;
    }
    double took = (System.nanoTime() - started) / 1e9;
    long count = finalized.sum() - from;
    System.out.printf(
        Locale.ROOT,
        "%d transactions of 1 KiB final in %.1f s: %.0f a second; %.2f CPU s per 1,000, all %d"
            + " nodes%n",
        count,
        took,
        count / took,
        (cpu.nanos() - used) / 1e6 / count,
        cpu.nodes());
    if (threads.stream().anyMatch(thread -> !thread.isAlive())) {
      System.out.println("  too low: there were not enough transactions for all of the time");
    }
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void submitAll(List<byte[]> transactions) {
    try (RpcCaller caller = new RpcCaller(url)) {
      for (int from = 0; from < transactions.size() && !over; from += BATCH) {
        submit(caller, transactions.subList(from, from + BATCH));
      }
    } catch (IOException | RuntimeException e) {
      System.out.println("a sender stopped: " + e.getMessage());
    }
  }

  /// An open load: transactions go in at their times, whether or not earlier ones are final. Each
  /// has a connection to itself while one of [#CALLERS] is free; those that come due while all wait
  /// for answers go together on the next one, and their time counts from when they were due.
  private void latency(int rate) throws Exception {
    int count = rate == 1 ? 30 : rate * 10;
    List<Ed25519Key> senders = fund(Math.min(RATE_SENDERS, count));
    double[] millis = new double[count];
    List<Due> load = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] signed = workload.put(senders.get(i % senders.size()), i / senders.size());
      load.add(new Due(i, i * 1_000_000_000L / rate, Bytes.wrap(signed)));
    }
    NodeTimes before = NodeTimes.of(url);
    ArrayBlockingQueue<Due> queue = new ArrayBlockingQueue<>(count + CALLERS);
    List<Thread> callers = new ArrayList<>();
    long started = System.nanoTime();
    for (int i = 0; i < CALLERS; i++) {
      callers.add(Thread.ofVirtual().start(() -> call(queue, started, millis)));
    }
    for (Due due : load) {
      LockSupport.parkNanos(started + due.nanos() - System.nanoTime());
      queue.add(due);
    }
    for (int i = 0; i < CALLERS; i++) {
      queue.add(END);
    }
    for (Thread caller : callers) {
      caller.join();
    }
    NodeTimes atNode = NodeTimes.of(url).since(before);
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "at %d a second, handed in to final: median %.1f ms, p99 %.1f ms; at the node: median %.1f"
            + " ms, p99 %.1f ms (%d transactions, %d failed)%n",
        rate,
        millis[count / 2],
        millis[count * 99 / 100],
        atNode.millis(0.5),
        atNode.millis(0.99),
        count,
        failures.values().stream().mapToInt(Integer::intValue).sum());
    failures.forEach((reason, times) -> System.out.println("  " + times + " failed: " + reason));
    failures.clear();
  }

  private void call(ArrayBlockingQueue<Due> queue, long started, double[] millis) {
    List<Due> batch = new ArrayList<>();
    try (RpcCaller caller = new RpcCaller(url)) {
      for (Due first = queue.take(); !first.isEnd(); first = queue.take()) {
        batch.add(first);
        Due next = queue.peek();
        while (batch.size() < BATCH && next != null && !next.isEnd()) {
          if (queue.remove(next)) {
            batch.add(next);
          }
          next = queue.peek();
        }
        send(caller, batch, started, millis);
        batch.clear();
      }
    } catch (IOException e) {
      fail(batch, e, millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(RpcCaller caller, List<Due> batch, long started, double[] millis)
      throws IOException {
    try {
      submit(caller, batch.stream().map(due -> due.transaction().toArrayUnsafe()).toList());
      long now = System.nanoTime();
      batch.forEach(due -> millis[due.index()] = (now - started - due.nanos()) / 1e6);
    } catch (IllegalStateException e) {
      fail(batch, e, millis);
    }
  }

  private void fail(List<Due> batch, Exception reason, double[] millis) {
    String text = String.valueOf(reason.getMessage()).replaceAll("[0-9]+|baf[a-z2-7]+", "*");
    for (Due due : batch) {
      failures.merge(text, 1, Integer::sum);
      millis[due.index()] = Double.POSITIVE_INFINITY;
    }
  }

  /// A transaction of an open load.
  ///
  /// @param nanos from the start of the load to when it is handed in
  private record Due(int index, long nanos, Bytes transaction) {
    boolean isEnd() {
      return index < 0;
    }
  }
}
