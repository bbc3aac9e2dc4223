package dev.cairn.bench;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// The load of [ChainBench] on a CometBFT network with its key-value application, which verifies no
/// signatures: `bench/cometbft.sh` starts one.
///
/// `CometBench RPC WARM SECONDS PID...`: transactions of 1 KiB, always some thousands that wait,
/// and what came into blocks in SECONDS after WARM, with the CPU time of the processes; then 30
/// transactions, one a second, each from handing in to the answer that it is committed.
public final class CometBench {

  private static final int SENDERS = 16;
  private static final int BATCH = 32;

  /// Transactions that may wait for a block, as many as [ChainBench] has on their way. Nothing is
  /// handed in above that: to refuse it would cost the nodes.
  private static final int WAITING_MAX = 3_072;

  private static final int PAUSE_MILLIS = 10;

  /// Headers in one answer of CometBFT.
  private static final int HEADERS_MAX = 20;

  private static final int SLOW_COUNT = 30;

  private final String url;
  private final NodeCpu cpu;
  private volatile long waiting;
  private volatile boolean over;

  private CometBench(String url, List<String> pids) {
    this.url = url;
    this.cpu = new NodeCpu(pids.stream().map(Long::valueOf).toList());
  }

  public static void main(String[] args) throws Exception {
    CometBench bench = new CometBench(args[0], List.of(args).subList(3, args.length));
    try (RpcCaller caller = new RpcCaller(args[0])) {
      bench.throughput(caller, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      latency(caller);
    }
  }

  private static JsonObject call(RpcCaller caller, String method, String params)
      throws IOException {
    return RpcCaller.result((JsonObject) caller.post(request(method, params)));
  }

  private static String request(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";
  }

  /// A fresh `key=value` of 1 KiB.
  private static String submission(String method, SplittableRandom random) {
    byte[] bytes = new byte[Workload.TRANSACTION_BYTES * 3 / 4];
    random.nextBytes(bytes);
    // In URL-safe base64 without padding, so that there is one '=', where the application wants it.
    byte[] text = Base64.getUrlEncoder().withoutPadding().encode(bytes);
    text[32] = '=';
    return request(method, "{\"tx\":\"" + Base64.getEncoder().encodeToString(text) + "\"}");
  }

  private void submitAll(SplittableRandom random) {
    try (RpcCaller caller = new RpcCaller(url)) {
      while (!over) {
        if (waiting >= WAITING_MAX) {
          Thread.sleep(PAUSE_MILLIS);
          continue;
        }
        List<String> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          batch.add(submission("broadcast_tx_sync", random));
        }
        if (!(caller.post("[" + String.join(",", batch) + "]") instanceof JsonArray answers)) {
          throw new IOException("the node takes no batch of " + BATCH);
        }
        for (JsonObject answer : answers.getValuesAs(JsonObject.class)) {
          var _ = RpcCaller.result(answer);
        }
      }
    } catch (IOException e) {
      System.out.println("a sender stopped: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long waiting(RpcCaller caller) throws IOException {
    return Long.parseLong(call(caller, "num_unconfirmed_txs", "{}").getString("n_txs"));
  }

  private void watch() {
    try (RpcCaller caller = new RpcCaller(url)) {
      while (!over) {
        waiting = waiting(caller);
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (IOException e) {
      System.out.println("the node does not say how many wait: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long height(RpcCaller caller) throws IOException {
    JsonObject sync = call(caller, "status", "{}").getJsonObject("sync_info");
    return Long.parseLong(sync.getString("latest_block_height"));
  }

  private static long transactions(RpcCaller caller, long after, long last) throws IOException {
    long count = 0;
    for (long from = after + 1; from <= last; from += HEADERS_MAX) {
      long to = Math.min(last, from + HEADERS_MAX - 1);
      String range = "{\"minHeight\":\"" + from + "\",\"maxHeight\":\"" + to + "\"}";
      for (JsonObject block :
          call(caller, "blockchain", range)
              .getJsonArray("block_metas")
              .getValuesAs(JsonObject.class)) {
        count += Long.parseLong(block.getString("num_txs"));
      }
    }
    return count;
  }

  private void throughput(RpcCaller caller, int warm, int seconds) throws Exception {
    SplittableRandom random = new SplittableRandom();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      SplittableRandom own = random.split();
      threads.add(Thread.ofVirtual().start(() -> submitAll(own)));
    }
    threads.add(Thread.ofVirtual().start(this::watch));
    Thread.sleep(warm * 1_000L);
    long from = height(caller);
    long began = System.nanoTime();
    long before = cpu.nanos();
    Thread.sleep(seconds * 1_000L);
    long to = height(caller);
    double took = (System.nanoTime() - began) / 1e9;
    long used = cpu.nanos() - before;
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
    long count = transactions(caller, from, to);
    System.out.printf(
        Locale.ROOT,
        "CometBFT: %d transactions of 1 KiB in %d blocks in %.1f s: %.0f a second; %.2f CPU s per"
            + " 1,000, all %d nodes%n",
        count,
        to - from,
        took,
        count / took,
        used / 1e6 / count,
        cpu.nodes());
  }

  private static void latency(RpcCaller caller) throws IOException, InterruptedException {
    while (waiting(caller) > 0) {
      Thread.sleep(1_000);
    }
    SplittableRandom random = new SplittableRandom();
    double[] millis = new double[SLOW_COUNT];
    for (int i = 0; i < SLOW_COUNT; i++) {
      Thread.sleep(1_000);
      long began = System.nanoTime();
      var _ = RpcCaller.result((JsonObject) caller.post(submission("broadcast_tx_commit", random)));
      millis[i] = (System.nanoTime() - began) / 1e6;
    }
    Flood.Latency latency = Flood.Latency.of(millis);
    System.out.printf(
        Locale.ROOT,
        "CometBFT, at 1 a second, handed in to committed: median %.1f ms, p99 %.1f ms%n",
        latency.median(),
        latency.p99());
  }
}
