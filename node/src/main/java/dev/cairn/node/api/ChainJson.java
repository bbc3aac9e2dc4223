package dev.cairn.node.api;

import dev.cairn.core.block.Block;
import dev.cairn.core.staking.Accusation;
import dev.cairn.core.staking.Stake;
import dev.cairn.core.staking.Unstake;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.transaction.Delete;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.multiformats.Hex;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.tuweni.bytes.Bytes;

/// How the chain's objects look in JSON (spec/rpc.md): amounts and fees are decimal strings, since
/// they may pass 2^53; heights, times and nonces are numbers; bytes are base64.
public final class ChainJson {

  static final JsonProvider JSON = JsonProvider.provider();

  private ChainJson() {}

  static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.toArrayUnsafe());
  }

  static String hex(Bytes bytes) {
    return Hex.encode(bytes.toArrayUnsafe());
  }

  static JsonObjectBuilder block(Block block, Bytes certificate, boolean isFinal, boolean raw) {
    JsonArrayBuilder transactions = JSON.createArrayBuilder();
    block.transactions().forEach(t -> transactions.add(transaction(t)));
    var fields = block.header().fields();
    JsonObjectBuilder json =
        JSON.createObjectBuilder()
            .add("id", block.id().toString())
            .add("height", block.height())
            .add("time", block.header().time());
    block
        .parent()
        .ifPresentOrElse(p -> json.add("parent", p.toString()), () -> json.addNull("parent"));
    json.add("body", fields.body().toString())
        .add("txRoot", fields.txRoot().toString())
        .add("stateRoot", fields.stateRoot().toString())
        .add("size", block.size())
        .add("final", isFinal)
        .add("transactions", transactions);
    if (raw) {
      json.add(
          "raw",
          JSON.createObjectBuilder()
              .add("header", base64(block.headerBytes()))
              .add("body", base64(block.bodyBytes()))
              .add("certificate", base64(certificate)));
    }
    return json;
  }

  /// A transaction as the API shows it.
  public static JsonObjectBuilder transaction(Transaction t) {
    return JSON.createObjectBuilder()
        .add("id", t.id().toString())
        .add("sender", t.sender().toString())
        .add("nonce", t.nonce())
        .add("fee", Long.toString(t.fee()))
        .add("validUntil", t.validUntil())
        .add("size", t.size())
        .add("payload", payload(t.payload()))
        .add("signature", Hex.encode(t.signature().toArrayUnsafe()));
  }

  private static JsonObjectBuilder payload(Payload payload) {
    JsonObjectBuilder json = JSON.createObjectBuilder();
    return switch (payload) {
      case Transfer t ->
          json.add("type", "transfer")
              .add("to", t.to().toString())
              .add("amount", Long.toString(t.amount()));
      case Put p ->
          expected(value(json.add("type", "put").add("name", p.name()), p.value()), p.expected());
      case Delete d -> expected(json.add("type", "delete").add("name", d.name()), d.expected());
      case Stake s ->
          json.add("type", "stake")
              .add("key", hex(s.key()))
              .add("amount", Long.toString(s.amount()));
      case Unstake u ->
          json.add("type", "unstake")
              .add("key", hex(u.key()))
              .add("amount", Long.toString(u.amount()));
      case Accusation a ->
          json.add("type", "evidence")
              .add("offender", hex(a.offender()))
              .add("evidence", base64(a.evidence()));
      default -> json.add("type", "tag " + payload.tag());
    };
  }

  private static JsonObjectBuilder expected(JsonObjectBuilder json, OptionalLong version) {
    version.ifPresent(v -> json.add("expectedVersion", v));
    return json;
  }

  /// A value as base64, and as text beside it where it is text.
  private static JsonObjectBuilder value(JsonObjectBuilder json, RecordValue value) {
    switch (value) {
      case RecordValue.Inline(Bytes bytes) -> {
        json.add("value", base64(bytes));
        text(bytes).ifPresent(t -> json.add("text", t));
      }
      case RecordValue.Link(var cid) -> json.add("link", cid.toString());
    }
    return json;
  }

  private static Optional<String> text(Bytes bytes) {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(java.nio.ByteBuffer.wrap(bytes.toArrayUnsafe()))
              .toString();
      boolean printable =
          text.chars()
              .allMatch(c -> c == '\n' || c == '\t' || c == '\r' || !Character.isISOControl(c));
      return printable ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /// A version of a record as the API shows it.
  public static JsonObjectBuilder record(String name, RecordEntry record) {
    JsonObjectBuilder json =
        JSON.createObjectBuilder()
            .add("owner", record.owner().toString())
            .add("name", name)
            .add("version", record.version())
            .add("deleted", record.value().isEmpty())
            .add("tx", record.transaction().toString());
    record.value().ifPresent(v -> value(json, v));
    return json;
  }
}
