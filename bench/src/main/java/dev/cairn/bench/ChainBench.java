package dev.cairn.bench;

import dev.cairn.core.Address;
import dev.cairn.core.Coins;
import dev.cairn.core.Hash;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.keys.Keystore;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.apache.tuweni.bytes.Bytes;

/// Transactions of 1 KiB through a running network: `ChainBench RPC FOLDER [COUNT]` hands Put
/// transactions to one node, from the accounts that it funds first, and prints how many became
/// final in a second; then how long one takes from submit to final at that node, one after the
/// other.
///
/// FOLDER is that of `cairn testnet`; the account in it pays.
public final class ChainBench {

  private static final int SENDERS = 128;
  private static final int BATCH = 32;
  private static final int TRANSACTION_BYTES = 1_024;
  private static final int LATENCY_SAMPLES = 200;
  private static final long VALID_MILLIS = 3_600_000;
  private static final long WAIT_MILLIS = 60_000;

  private final RpcCaller rpc;
  private final SigningDomain domain;
  private final long feePerByte;
  private final SplittableRandom random = new SplittableRandom(1);
  private final LongAdder finalized = new LongAdder();

  private ChainBench(RpcCaller rpc) throws IOException, InterruptedException {
    this.rpc = rpc;
    JsonObject signing = rpc.call("chain_getSigning", JsonObject.EMPTY_JSON_OBJECT);
    this.domain =
        new SigningDomain(
            Hash.of(Hex.decode(signing.getString("chain"))), signing.getInt("forkVersion"));
    this.feePerByte = Long.parseLong(signing.getString("feePerByte"));
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[1]);
    int count = args.length > 2 ? Integer.parseInt(args[2]) : 40_000;
    String passphrase = Files.readString(folder.resolve("account.password")).strip();
    Ed25519Key funded = Keystore.read(folder.resolve("account.json")).open(passphrase);
    new ChainBench(new RpcCaller(args[0])).run(funded, count);
  }

  private void run(Ed25519Key funded, int count) throws Exception {
    List<Ed25519Key> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      senders.add(Ed25519Key.generate(new SecureRandom()));
    }
    fund(funded, senders);
    int batches = Math.max(1, count / (SENDERS * BATCH));
    List<List<String>> work = new ArrayList<>();
    for (Ed25519Key sender : senders) {
      work.add(sign(sender, batches * BATCH));
    }
    throughput(work);
    latency(funded);
  }

  private long nonce(Ed25519Key key) throws IOException, InterruptedException {
    String address = Address.of(key.publicKey()).toString();
    return rpc.call("account_get", Json.createObjectBuilder().add("address", address).build())
        .getJsonNumber("nextNonce")
        .longValue();
  }

  private Transaction sign(Ed25519Key key, long nonce, Payload payload) {
    long validUntil = System.currentTimeMillis() + VALID_MILLIS;
    long fee = feePerByte * (TRANSACTION_BYTES + 64);
    return Transaction.sign(domain, key, nonce, fee, validUntil, payload);
  }

  private void fund(Ed25519Key funded, List<Ed25519Key> senders) throws Exception {
    long next = nonce(funded);
    for (int from = 0; from < senders.size(); from += BATCH) {
      List<String> batch = new ArrayList<>();
      for (Ed25519Key sender : senders.subList(from, Math.min(from + BATCH, senders.size()))) {
        Address to = Address.of(sender.publicKey());
        batch.add(base64(sign(funded, next++, new Transfer(to, 10 * Coins.ONE))));
      }
      submit(batch);
    }
  }

  private List<String> sign(Ed25519Key sender, int count) {
    List<String> signed = new ArrayList<>();
    byte[] value = new byte[TRANSACTION_BYTES - 150];
    for (int i = 0; i < count; i++) {
      random.nextBytes(value);
      Put put =
          new Put(
              "r" + i % 64,
              new RecordValue.Inline(Bytes.wrap(value.clone())),
              OptionalLong.empty());
      signed.add(base64(sign(sender, i, put)));
    }
    return signed;
  }

  private static String base64(Transaction transaction) {
    return Base64.getEncoder().encodeToString(transaction.encoded().toArrayUnsafe());
  }

  /// Submits a sender's transactions together and returns when the last of them is final.
  private void submit(List<String> transactions) throws IOException, InterruptedException {
    JsonArrayBuilder batch = Json.createArrayBuilder();
    for (int i = 0; i < transactions.size(); i++) {
      var params = Json.createObjectBuilder().add("transaction", transactions.get(i));
      if (i == transactions.size() - 1) {
        params.add("waitMillis", WAIT_MILLIS);
      }
      batch.add(RpcCaller.request("tx_submit", params.build()));
    }
    var answers = rpc.batch(batch.build());
    for (JsonObject answer : answers.getValuesAs(JsonObject.class)) {
      RpcCaller.result(answer);
    }
    String status = RpcCaller.result(answers.getJsonObject(answers.size() - 1)).getString("status");
    if (!status.equals("final")) {
      throw new IllegalStateException("a transaction is " + status + " after a minute");
    }
    finalized.add(transactions.size());
  }

  private void throughput(List<List<String>> work) throws InterruptedException {
    finalized.reset();
    long started = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    for (List<String> transactions : work) {
      threads.add(Thread.ofVirtual().start(() -> submitAll(transactions)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf(
        Locale.ROOT,
        "%d transactions of 1 KiB final in %.2f s: %.0f a second%n",
        finalized.sum(),
        seconds,
        finalized.sum() / seconds);
  }

  private void submitAll(List<String> transactions) {
    try {
      for (int from = 0; from < transactions.size(); from += BATCH) {
        submit(transactions.subList(from, from + BATCH));
      }
    } catch (IOException | RuntimeException e) {
      System.out.println("a sender stopped: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void latency(Ed25519Key funded) throws Exception {
    long next = nonce(funded);
    byte[] value = new byte[TRANSACTION_BYTES - 150];
    double[] millis = new double[LATENCY_SAMPLES];
    for (int i = 0; i < millis.length; i++) {
      random.nextBytes(value);
      Put put =
          new Put(
              "latency", new RecordValue.Inline(Bytes.wrap(value.clone())), OptionalLong.empty());
      List<String> one = List.of(base64(sign(funded, next + i, put)));
      long started = System.nanoTime();
      submit(one);
      millis[i] = (System.nanoTime() - started) / 1e6;
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "submit to final, one at a time: median %.1f ms, p99 %.1f ms%n",
        millis[millis.length / 2],
        millis[millis.length * 99 / 100]);
  }
}
