package dev.cairn.bench;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Hex;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.apache.tuweni.bytes.Bytes;

/// Makes the transactions of a benchmark: Puts of 1 KiB into 64 records of each sender.
///
/// Owner: one thread.
final class Workload {

  static final int TRANSACTION_BYTES = 1_024;

  private static final int RECORDS = 64;
  private static final long VALID_MILLIS = 3_600_000;
  private static final int ENVELOPE_BYTES = 172;

  private final SigningDomain domain;
  private final long feePerByte;
  private final SplittableRandom random = new SplittableRandom(1);

  Workload(RpcCaller rpc) throws IOException {
    JsonObject signing = rpc.call("chain_getSigning", JsonObject.EMPTY_JSON_OBJECT);
    this.domain =
        new SigningDomain(
            Hash.of(Hex.decode(signing.getString("chain"))), signing.getInt("forkVersion"));
    this.feePerByte = Long.parseLong(signing.getString("feePerByte"));
  }

  static long nonce(RpcCaller rpc, Ed25519Key key) throws IOException {
    String address = Address.of(key.publicKey()).toString();
    return rpc.call("account_get", Json.createObjectBuilder().add("address", address).build())
        .getJsonNumber("nextNonce")
        .longValue();
  }

  byte[] sign(Ed25519Key key, long nonce, Payload payload) {
    long validUntil = System.currentTimeMillis() + VALID_MILLIS;
    long fee = feePerByte * (TRANSACTION_BYTES + 64);
    return Transaction.sign(domain, key, nonce, fee, validUntil, payload).encoded().toArrayUnsafe();
  }

  byte[] put(Ed25519Key key, long nonce) {
    byte[] value = new byte[TRANSACTION_BYTES - ENVELOPE_BYTES];
    random.nextBytes(value);
    RecordValue.Inline inline = new RecordValue.Inline(Bytes.wrap(value));
    return sign(key, nonce, new Put("r" + nonce % RECORDS, inline, OptionalLong.empty()));
  }

  /// The parameters of `tx_submit` for these, which waits until the last is final.
  static String submission(List<byte[]> transactions, long waitMillis) {
    StringBuilder json = new StringBuilder(transactions.size() * TRANSACTION_BYTES * 3 / 2);
    json.append("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tx_submitAll\",\"params\":{");
    json.append("\"waitMillis\":").append(waitMillis).append(",\"transactions\":[");
    String comma = "\"";
    for (byte[] transaction : transactions) {
      json.append(comma).append(Base64.getEncoder().encodeToString(transaction)).append('"');
      comma = ",\"";
    }
    return json.append("]}}").toString();
  }
}
