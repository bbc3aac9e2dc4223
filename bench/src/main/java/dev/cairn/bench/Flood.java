package dev.cairn.bench;

import dev.cairn.core.Address;
import dev.cairn.core.Coins;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.node.keys.Keystore;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Measures a network of any engine through one of its nodes: how long a transaction takes, and
/// what comes into blocks when there is always more to put into one.
final class Flood implements AutoCloseable {

  private static final int SENDERS = 96;
  private static final int BATCH = 32;
  private static final int FULL_PAUSE_MILLIS = 50;
  private static final long WAIT_MILLIS = 120_000;

  private final String url;
  private final RpcCaller rpc;
  private final Workload workload;
  private final Ed25519Key funded;
  private volatile boolean over;

  Flood(Testnet net) throws IOException {
    this.url = net.url();
    this.rpc = new RpcCaller(url);
    this.workload = new Workload(rpc);
    Path folder = net.folder();
    String passphrase = Files.readString(folder.resolve("account.password")).strip();
    this.funded = Keystore.read(folder.resolve("account.json")).open(passphrase);
  }

  /// Milliseconds: the median and the 99th percentile.
  record Latency(double median, double p99) {
    static Latency of(double[] millis) {
      double[] sorted = millis.clone();
      Arrays.sort(sorted);
      int last = sorted.length - 1;
      return new Latency(sorted[last / 2], sorted[last * 99 / 100]);
    }
  }

  /// What came into blocks.
  ///
  /// @param perSecond transactions of 1 KiB
  /// @param overhead bytes of a block beside its transactions: header and certificate, on average
  record Rate(double perSecond, long blocks, double overhead) {}

  /// Hands in some transactions, all `apart` milliseconds, and waits for each in turn.
  ///
  /// @param confirmations how many to wait for; 0 until it is final
  Latency latency(int count, int apart, int confirmations) throws IOException {
    Ed25519Key sender = fund(1).getFirst();
    double[] millis = new double[count];
    for (int nonce = 0; nonce < count; nonce++) {
      LockSupport.parkNanos(apart * 1_000_000L);
      byte[] transaction = workload.put(sender, nonce);
      long began = System.nanoTime();
      submit(transaction, confirmations);
      millis[nonce] = (System.nanoTime() - began) / 1e6;
    }
    return Latency.of(millis);
  }

  private void submit(byte[] transaction, int confirmations) throws IOException {
    var params =
        Json.createObjectBuilder()
            .add("transaction", Base64.getEncoder().encodeToString(transaction))
            .add("waitMillis", WAIT_MILLIS);
    if (confirmations > 0) {
      params.add("confirmations", confirmations);
    }
    String status = rpc.call("tx_submit", params.build()).getString("status");
    if (!status.equals("final") && (confirmations == 0 || !status.equals("included"))) {
      throw new IllegalStateException("a transaction came to be " + status);
    }
  }

  /// Accounts with money, once a block says so.
  private List<Ed25519Key> fund(int count) throws IOException {
    List<Ed25519Key> senders = new ArrayList<>();
    List<byte[]> transfers = new ArrayList<>();
    long next = Workload.nonce(rpc, funded);
    for (int i = 0; i < count; i++) {
      senders.add(Ed25519Key.generate(new SecureRandom()));
      Address to = Address.of(senders.getLast().publicKey());
      transfers.add(workload.sign(funded, next++, new Transfer(to, 10 * Coins.ONE)));
    }
    while (transfers.size() > 1) {
      hand(rpc, transfers.subList(0, transfers.size() - 1));
    }
    // Alone, since only then its block can be waited for.
    submit(transfers.getLast(), 1);
    return senders;
  }

  /// Hands in the first of those that wait, and takes away what the node took.
  private void hand(RpcCaller caller, List<byte[]> waiting) throws IOException {
    List<byte[]> batch = waiting.subList(0, Math.min(BATCH, waiting.size()));
    JsonObject answer = (JsonObject) caller.post(Workload.submission(batch, 0));
    int taken = 0;
    for (JsonObject outcome :
        RpcCaller.result(answer).getJsonArray("outcomes").getValuesAs(JsonObject.class)) {
      if (outcome.getString("status").equals("refused")) {
        break;
      }
      taken++;
    }
    batch.subList(0, taken).clear();
    if (taken == 0) {
      LockSupport.parkNanos(FULL_PAUSE_MILLIS * 1_000_000L);
    }
  }

  /// Keeps the nodes' pools full and counts what blocks hold.
  Rate rate(int warm, int seconds) throws IOException, InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (Ed25519Key sender : fund(SENDERS)) {
      threads.add(Thread.ofVirtual().start(() -> send(sender)));
    }
    Thread.sleep(warm * 1_000L);
    long from = height();
    long began = System.nanoTime();
    Thread.sleep(seconds * 1_000L);
    long to = height();
    double took = (System.nanoTime() - began) / 1e9;
    over = true;
    for (Thread thread : threads) {
      thread.join();
    }
    long transactions = 0;
    long overhead = 0;
    for (long height = from + 1; height <= to; height++) {
      JsonObject block =
          rpc.call(
              "chain_getBlock",
              Json.createObjectBuilder().add("height", height).add("raw", true).build());
      transactions += block.getJsonArray("transactions").size();
      JsonObject raw = block.getJsonObject("raw");
      overhead += bytes(raw.getString("header")) + bytes(raw.getString("certificate"));
    }
    long blocks = Math.max(1, to - from);
    return new Rate(transactions / took, blocks, (double) overhead / blocks);
  }

  private static int bytes(String base64) {
    return Base64.getDecoder().decode(base64).length;
  }

  private long height() throws IOException {
    return rpc.call("node_status", JsonObject.EMPTY_JSON_OBJECT).getInt("height");
  }

  private void send(Ed25519Key sender) {
    try (RpcCaller caller = new RpcCaller(url)) {
      Workload own = new Workload(caller);
      List<byte[]> waiting = new ArrayList<>();
      long nonce = 0;
      while (!over) {
        while (waiting.size() < BATCH) {
          waiting.add(own.put(sender, nonce++));
        }
        hand(caller, waiting);
      }
    } catch (IOException | RuntimeException e) {
      System.err.println("a sender stopped: " + e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    rpc.close();
  }
}
