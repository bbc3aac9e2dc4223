package dev.cairn.bench;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonStructure;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
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

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI uri;
  private final List<ProcessHandle> nodes = new ArrayList<>();
  private volatile long waiting;
  private volatile boolean over;

  private CometBench(String url, List<String> pids) {
    this.uri = URI.create(url);
    for (String pid : pids) {
      nodes.add(ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
    }
  }

  public static void main(String[] args) throws Exception {
    CometBench bench = new CometBench(args[0], List.of(args).subList(3, args.length));
    bench.throughput(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    bench.latency();
  }

  private JsonStructure post(String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    String answer = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    try (var reader = Json.createReader(new StringReader(answer))) {
      return reader.read();
    }
  }

  private JsonObject call(String method, String params) throws IOException, InterruptedException {
    return RpcCaller.result((JsonObject) post(request(method, params)));
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
    try {
      while (!over) {
        if (waiting >= WAITING_MAX) {
          Thread.sleep(PAUSE_MILLIS);
          continue;
        }
        List<String> batch = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
          batch.add(submission("broadcast_tx_sync", random));
        }
        if (!(post("[" + String.join(",", batch) + "]") instanceof JsonArray answers)) {
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

  private long waiting() throws IOException, InterruptedException {
    return Long.parseLong(call("num_unconfirmed_txs", "{}").getString("n_txs"));
  }

  private void watch() {
    try {
      while (!over) {
        waiting = waiting();
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (IOException e) {
      System.out.println("the node does not say how many wait: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long height() throws IOException, InterruptedException {
    JsonObject sync = call("status", "{}").getJsonObject("sync_info");
    return Long.parseLong(sync.getString("latest_block_height"));
  }

  private long transactions(long after, long last) throws IOException, InterruptedException {
    long count = 0;
    for (long from = after + 1; from <= last; from += HEADERS_MAX) {
      long to = Math.min(last, from + HEADERS_MAX - 1);
      String range = "{\"minHeight\":\"" + from + "\",\"maxHeight\":\"" + to + "\"}";
      for (JsonObject block :
          call("blockchain", range).getJsonArray("block_metas").getValuesAs(JsonObject.class)) {
        count += Long.parseLong(block.getString("num_txs"));
      }
    }
    return count;
  }

  private long cpuNanos() {
    return nodes.stream().mapToLong(Children::cpu).sum();
  }

  private void throughput(int warm, int seconds) throws Exception {
    SplittableRandom random = new SplittableRandom();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      SplittableRandom own = random.split();
      threads.add(Thread.ofVirtual().start(() -> submitAll(own)));
    }
    threads.add(Thread.ofVirtual().start(this::watch));
    Thread.sleep(warm * 1_000L);
    long from = height();
    long began = System.nanoTime();
    long used = cpuNanos();
    Thread.sleep(seconds * 1_000L);
    long to = height();
    double took = (System.nanoTime() - began) / 1e9;
    long cpu = cpuNanos() - used;
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
    long count = transactions(from, to);
    System.out.printf(
        Locale.ROOT,
        "CometBFT: %d transactions of 1 KiB in %d blocks in %.1f s: %.0f a second; %.2f CPU s per"
            + " 1,000, all %d nodes%n",
        count,
        to - from,
        took,
        count / took,
        cpu / 1e6 / count,
        nodes.size());
  }

  private void latency() throws IOException, InterruptedException {
    while (waiting() > 0) {
      Thread.sleep(1_000);
    }
    SplittableRandom random = new SplittableRandom();
    double[] millis = new double[SLOW_COUNT];
    for (int i = 0; i < SLOW_COUNT; i++) {
      Thread.sleep(1_000);
      long began = System.nanoTime();
      var _ = RpcCaller.result((JsonObject) post(submission("broadcast_tx_commit", random)));
      millis[i] = (System.nanoTime() - began) / 1e6;
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "CometBFT, at 1 a second, handed in to committed: median %.1f ms, p99 %.1f ms%n",
        millis[SLOW_COUNT / 2],
        millis[SLOW_COUNT * 99 / 100]);
  }
}
