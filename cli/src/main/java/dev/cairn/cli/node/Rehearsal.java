package dev.cairn.cli.node;

import dev.cairn.cli.RpcClient;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.node.NodeFolder;
import dev.cairn.node.keys.Keystore;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;

/// Some seconds of a node's ordinary work under load, handed in at a node that follows: what the
/// ahead-of-time cache learns of it, every node that starts later need not find out again.
final class Rehearsal {

  /// Enough that the paths each transaction takes are known for hot.
  private static final int TRANSACTIONS = 4_096;

  /// As many as a sender may have waiting, by default.
  private static final int BATCH = 64;

  private static final int VALUE_BYTES = 850;
  private static final long VALID_MILLIS = 600_000;
  private static final long WAIT_MILLIS = 30_000;
  private static final Duration ANSWER_MAX = Duration.ofMillis(2 * WAIT_MILLIS);

  private final ChainSpec spec;
  private final Ed25519Key key;
  private final RpcClient validator;
  private final RpcClient follower;

  Rehearsal(NodeFolder folder, String validatorUrl, String followerUrl) throws IOException {
    this.spec = NodeFolder.readSpec(folder.spec());
    String passphrase = Files.readString(folder.path().resolve(NewChain.ACCOUNT_PASSWORD)).strip();
    this.key = Keystore.read(folder.path().resolve(NewChain.ACCOUNT)).open(passphrase);
    this.validator = new RpcClient(validatorUrl);
    this.follower = new RpcClient(followerUrl);
  }

  /// @param nonce of the account's next transaction
  void run(long nonce) {
    for (int sent = 0; sent < TRANSACTIONS; sent += 2 * BATCH) {
      submit(follower, nonce + sent);
      submit(validator, nonce + sent + BATCH);
    }
  }

  private void submit(RpcClient node, long nonce) {
    JsonArrayBuilder batch = Json.createArrayBuilder();
    for (int i = 0; i < BATCH; i++) {
      byte[] value = new byte[VALUE_BYTES];
      value[0] = (byte) nonce;
      Put put = new Put("r" + i, new RecordValue.Inline(Bytes.wrap(value)), OptionalLong.empty());
      long validUntil = System.currentTimeMillis() + VALID_MILLIS;
      long fee = spec.feePerByte() * 2 * VALUE_BYTES;
      Transaction signed = Transaction.sign(spec.domainAt(1), key, nonce + i, fee, validUntil, put);
      batch.add(Base64.getEncoder().encodeToString(signed.encoded().toArrayUnsafe()));
    }
    node.object(
        "tx_submitAll",
        RpcClient.params().add("transactions", batch).add("waitMillis", WAIT_MILLIS),
        ANSWER_MAX);
  }
}
