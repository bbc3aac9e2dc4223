package dev.cairn.cli.chain;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.RpcOption;
import dev.cairn.cli.Signer;
import dev.cairn.core.Address;
import dev.cairn.core.Coins;
import dev.cairn.core.Hash;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Hex;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Signs a transaction here, hands it to a node and, when asked, waits until it is final.
public final class Submission {

  private static final Duration VALID_FOR = Duration.ofHours(1);

  /// A node's longest wait in one call (spec/rpc.md).
  private static final long WAIT_MILLIS_MAX = 120_000;

  private static final int CONFIRMATIONS_MAX = 1_000_000;

  @Mixin private RpcOption rpc = new RpcOption();
  @Mixin private Signer signer = new Signer();
  @Mixin private Output output = new Output();

  @Option(names = "--wait", description = "Return when the transaction is final.")
  private boolean wait;

  @Option(
      names = "--confirmations",
      paramLabel = "N",
      description = "With --wait: return when N blocks stand for it, before it is final.")
  private int confirmations;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long --wait waits at most (default: ${DEFAULT-VALUE}).")
  private int timeoutSeconds = 60;

  @Option(
      names = "--fee",
      paramLabel = "COINS",
      description = "What to pay; else the least that the chain takes.")
  private String fee = "";

  @Option(
      names = "--nonce",
      paramLabel = "N",
      description = "The account's next nonce; else the node is asked.")
  private long nonce = -1;

  /// Where the command says what it did.
  Output output() {
    return output;
  }

  /// @return the exit code
  public int submit(Payload payload) {
    return submit((sender, node) -> payload);
  }

  /// What a transaction says, where that depends on who signs it or on what a node knows.
  @FunctionalInterface
  public interface Content {
    Payload of(Address sender, RpcClient node);
  }

  /// @return the exit code
  public int submit(Content content) {
    if (timeoutSeconds < 1 || timeoutSeconds > 86_400) {
      throw CliException.usage("--timeout takes 1 to 86400 seconds, not " + timeoutSeconds);
    }
    if (confirmations < 0 || confirmations > CONFIRMATIONS_MAX) {
      throw CliException.usage(
          "--confirmations takes 1 to " + CONFIRMATIONS_MAX + ", not " + confirmations);
    }
    wait |= confirmations > 0;
    Optional<Long> offered = fee.isEmpty() ? Optional.empty() : Optional.of(Coins.parse(fee));
    RpcClient node = rpc.client();
    JsonObject signing = node.object("chain_getSigning", RpcClient.params());
    Ed25519Key key = signer.open();
    Payload payload = content.of(Address.of(key.publicKey()), node);
    Transaction transaction = sign(node, signing, key, payload, offered);
    JsonObject outcome = submit(node, transaction);
    return print(outcome);
  }

  private Transaction sign(
      RpcClient node, JsonObject signing, Ed25519Key key, Payload payload, Optional<Long> offered) {
    SigningDomain domain =
        new SigningDomain(
            Hash.of(Hex.decode(signing.getString("chain"))), signing.getInt("forkVersion"));
    Address sender = Address.of(key.publicKey());
    long next = nonce;
    if (next < 0) {
      var account =
          node.object("account_get", RpcClient.params().add("address", sender.toString()));
      next = account.getJsonNumber("nextNonce").longValueExact();
    }
    long validUntil = System.currentTimeMillis() + VALID_FOR.toMillis();
    long feePerByte = Long.parseLong(signing.getString("feePerByte"));
    if (offered.isPresent()) {
      return Transaction.sign(domain, key, next, offered.get(), validUntil, payload);
    }
    // The fee depends on the size, and the size, by a few bytes, on the fee.
    long least = 0;
    while (true) {
      Transaction transaction = Transaction.sign(domain, key, next, least, validUntil, payload);
      long needed = Math.multiplyExact(feePerByte, transaction.size());
      if (transaction.fee() >= needed) {
        return transaction;
      }
      least = needed;
    }
  }

  private JsonObject submit(RpcClient node, Transaction transaction) {
    String id = transaction.id().toString();
    long deadline = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
    var params =
        RpcClient.params()
            .add(
                "transaction",
                Base64.getEncoder().encodeToString(transaction.encoded().toArrayUnsafe()));
    if (wait) {
      params.add("waitMillis", millisLeft(deadline));
      confirmed(params);
    }
    try {
      JsonObject outcome =
          node.object("tx_submit", params, Duration.ofSeconds(timeoutSeconds + 10L));
      while (wait && !settled(outcome) && deadline - System.nanoTime() > 0) {
        outcome =
            node.object(
                "tx_wait",
                confirmed(RpcClient.params().add("tx", id).add("waitMillis", millisLeft(deadline))),
                Duration.ofSeconds(timeoutSeconds + 10L));
      }
      return outcome;
    } catch (CliException e) {
      if (e.exit() != Exit.TIMED_OUT) {
        throw e;
      }
      return Json.createObjectBuilder().add("tx", id).add("status", "pending").build();
    }
  }

  private static long millisLeft(long deadline) {
    return Math.clamp((deadline - System.nanoTime()) / 1_000_000, 1, WAIT_MILLIS_MAX);
  }

  private JsonObjectBuilder confirmed(JsonObjectBuilder params) {
    return confirmations > 0 ? params.add("confirmations", confirmations) : params;
  }

  /// Whether there is nothing more to wait for.
  private boolean settled(JsonObject outcome) {
    return switch (outcome.getString("status")) {
      case "pending" -> false;
      case "included" -> confirmations > 0 && outcome.getInt("confirmations", 0) >= confirmations;
      default -> true;
    };
  }

  private int print(JsonObject outcome) {
    String id = outcome.getString("tx");
    String status = outcome.getString("status");
    if (output.isJson()) {
      output.json(outcome);
    }
    if (status.equals("dropped")) {
      throw new CliException(
          Exit.REFUSED, id + " was dropped: " + outcome.getString("reason", "no reason given"));
    }
    if (!output.isJson()) {
      output.line(id + " is " + sentence(status, outcome));
    }
    if (wait && !settled(outcome)) {
      throw new CliException(
          Exit.TIMED_OUT,
          id
              + (confirmations > 0
                  ? " has not " + confirmations + " confirmations after "
                  : " is not final after ")
              + timeoutSeconds
              + " s; 'cairn tx "
              + id
              + "' shows it later");
    }
    return Exit.DONE.code();
  }

  private static String sentence(String status, JsonObject outcome) {
    return switch (status) {
      case "final" -> "final in block " + outcome.get("height") + " " + outcome.getString("block");
      case "included" ->
          "in block "
              + outcome.get("height")
              + " "
              + outcome.getString("block")
              + " with "
              + outcome.get("confirmations")
              + " confirmations";
      default -> status;
    };
  }
}
