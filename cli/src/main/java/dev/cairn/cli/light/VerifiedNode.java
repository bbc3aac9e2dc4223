package dev.cairn.cli.light;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.RpcClient;
import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.block.Header;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.light.Checkpoint;
import dev.cairn.core.light.EpochEnd;
import dev.cairn.core.light.FinalityProof;
import dev.cairn.core.light.LightClient;
import dev.cairn.core.light.Outcome;
import dev.cairn.core.light.TransactionProof;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateProof;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A node that nobody trusts, and a light client that checks what it says (spec/light.md). Nothing
/// is remembered between commands: each begins at the genesis block or the checkpoint.
public final class VerifiedNode {

  private static final int EPOCH_ENDS_MAX = 64;
  private static final int VALIDATORS_MAX = 256;
  private static final int PATH_MAX = 32;

  private final RpcClient rpc;
  private final ChainSpec spec;
  private final Optional<Checkpoint> checkpoint;
  private final Optional<Long> maxAgeMillis;

  VerifiedNode(
      RpcClient rpc, ChainSpec spec, Optional<Checkpoint> checkpoint, Optional<Long> maxAgeMillis) {
    this.rpc = rpc;
    this.spec = spec;
    this.checkpoint = checkpoint;
    this.maxAgeMillis = maxAgeMillis;
  }

  /// Something proved.
  ///
  /// @param header of the final block that it was proved against
  public record Proven<T>(T value, Header header, long epoch) {

    /// How long ago that block was made, by this computer's clock.
    public long ageMillis() {
      return System.currentTimeMillis() - header.time();
    }

    /// The block as the text of a checkpoint.
    public Checkpoint checkpoint() {
      return new Checkpoint(header.height(), header.id());
    }

    /// One line for a person.
    public String note() {
      return "verified in final block "
          + header.height()
          + " of epoch "
          + epoch
          + ", "
          + String.format(java.util.Locale.ROOT, "%.1f", ageMillis() / 1_000.0)
          + " s old; checkpoint "
          + checkpoint();
    }

    /// What a program wants to know of it.
    public JsonObjectBuilder json() {
      return RpcClient.params()
          .add("block", header.id().toString())
          .add("height", header.height())
          .add("epoch", epoch)
          .add("time", header.time())
          .add("ageMillis", ageMillis())
          .add("checkpoint", checkpoint().toString());
    }
  }

  /// An account as of the newest final block that the node shows; one without an entry is empty.
  public Proven<Account> account(Address address) {
    Proven<Optional<Bytes>> state = value(StateKey.account(address));
    return new Proven<>(
        state.value().map(Account::decode).orElse(Account.EMPTY), state.header(), state.epoch());
  }

  /// The latest version of a record; empty when the chain has no such record.
  public Proven<Optional<RecordEntry>> record(Address owner, String name) {
    Proven<Optional<Bytes>> state = value(StateKey.record(owner, name));
    return new Proven<>(state.value().map(RecordEntry::decode), state.header(), state.epoch());
  }

  /// An earlier version of a record, by the transaction that wrote it.
  public Proven<RecordEntry> version(Address owner, String name, long version) {
    Answer answer =
        ask(
            "record_get",
            RpcClient.params()
                .add("owner", owner.toString())
                .add("name", name)
                .add("version", version));
    InBlock in = inBlock(answer.parsed("tx", Cid::parse));
    LightClient client = at(in.finality());
    RecordEntry entry =
        require(client.version(in.finality(), in.transaction(), in.proof(), owner, name, version));
    return new Proven<>(entry, in.finality().block(), client.epoch());
  }

  /// A final transaction.
  public Proven<Transaction> transaction(Cid id) {
    InBlock in = inBlock(id);
    LightClient client = at(in.finality());
    Header header = require(client.transaction(in.finality(), in.transaction(), in.proof()));
    return fresh(new Proven<>(in.transaction(), header, client.epoch()));
  }

  private record InBlock(FinalityProof finality, Transaction transaction, TransactionProof proof) {}

  private InBlock inBlock(Cid id) {
    JsonObjectBuilder params = RpcClient.params().add("tx", id.toString());
    Answer answer = Answer.of("tx_getProof", rpc.value("tx_getProof", params));
    Transaction transaction =
        answer.parsed("transaction", text -> Transaction.decode(Base64.getDecoder().decode(text)));
    if (!transaction.id().equals(id)) {
      throw refused("it shows another transaction than " + id);
    }
    TransactionProof proof =
        new TransactionProof(
            answer.integer("index"),
            answer.integer("count"),
            answer.parsedList("path", PATH_MAX, Hash::parse));
    return new InBlock(finality(answer), transaction, proof);
  }

  /// What the newest final state that the node shows holds under a key.
  private Proven<Optional<Bytes>> value(StateKey key) {
    Answer answer =
        ask(
            "state_getProof",
            RpcClient.params()
                .add("key", Base64.getEncoder().encodeToString(key.bytes().toArrayUnsafe())));
    Optional<Bytes> value = answer.bytesOrNull("value");
    StateProof proof =
        answer.parsed("proof", text -> StateProof.decode(Base64.getDecoder().decode(text)));
    FinalityProof finality = finality(answer);
    LightClient client = at(finality);
    Header header = require(client.value(finality, key, value, proof));
    return fresh(new Proven<>(value, header, client.epoch()));
  }

  private <T> Proven<T> fresh(Proven<T> proven) {
    if (maxAgeMillis.isPresent() && proven.ageMillis() > maxAgeMillis.get()) {
      throw new CliException(
          Exit.REFUSED,
          "the newest final block that the node shows is "
              + proven.ageMillis() / 1_000
              + " s old, more than --max-age allows: it lags or withholds");
    }
    return proven;
  }

  private static FinalityProof finality(Answer answer) {
    List<Header> headers =
        answer.parsedList(
            "headers",
            FinalityProof.HEADERS_MAX,
            text -> Header.decode(Base64.getDecoder().decode(text)));
    if (headers.isEmpty()) {
      throw refused("it shows no header");
    }
    return new FinalityProof(headers, answer.bytes("certificate"));
  }

  /// A client that knows the validators of the epoch in which the proof ends.
  private LightClient at(FinalityProof finality) {
    LightClient client = start();
    long epoch = client.epochOf(finality.headers().getLast().height());
    while (client.epoch() < epoch) {
      long count = Math.min(EPOCH_ENDS_MAX, epoch - client.epoch());
      String method = "chain_getEpochEnds";
      JsonObjectBuilder params =
          RpcClient.params().add("epoch", client.epoch()).add("count", count);
      List<Answer> ends = Answer.list(method, call(method, params), EPOCH_ENDS_MAX);
      if (ends.isEmpty()) {
        throw refused("it does not show how epoch " + client.epoch() + " ended");
      }
      for (Answer end : ends) {
        client = require(client.advance(epochEnd(end)));
      }
    }
    return client;
  }

  private LightClient start() {
    if (checkpoint.isEmpty()) {
      return require(LightClient.atGenesis(spec));
    }
    Answer answer =
        ask("chain_getHeader", RpcClient.params().add("id", checkpoint.get().block().toString()));
    Header header = finality(answer).block();
    LightClient genesis = require(LightClient.atGenesis(spec));
    long epoch = genesis.epochOf(header.height());
    Answer set = ask("chain_getValidators", RpcClient.params().add("epoch", epoch));
    List<Answer> list = set.optionalList("validators", VALIDATORS_MAX).orElse(List.of());
    return require(LightClient.atCheckpoint(spec, checkpoint.get(), header, validators(list)));
  }

  private static EpochEnd epochEnd(Answer end) {
    Header header = end.parsed("header", text -> Header.decode(Base64.getDecoder().decode(text)));
    return new EpochEnd(
        header,
        end.bytes("certificate"),
        end.optionalList("nextValidators", VALIDATORS_MAX).map(VerifiedNode::validators));
  }

  private static List<ValidatorEntry> validators(List<Answer> list) {
    return list.stream()
        .map(
            v ->
                new ValidatorEntry(
                    v.parsed("key", text -> Bytes.wrap(Hash.parse(text).bytes())),
                    v.parsed("account", Address::parse),
                    v.parsed("stake", Long::parseLong)))
        .toList();
  }

  private Answer ask(String method, JsonObjectBuilder params) {
    return Answer.of(method, call(method, params));
  }

  /// Calls a method that an honest node always answers: that something is not there is proved too,
  /// and to say it is not enough.
  private JsonValue call(String method, JsonObjectBuilder params) {
    try {
      return rpc.value(method, params);
    } catch (CliException e) {
      throw e.exit() == Exit.NOT_FOUND ? refused("it says, " + e.getMessage()) : e;
    }
  }

  private static <T> T require(Outcome<T> outcome) {
    return switch (outcome) {
      case Outcome.Proved<T>(T value) -> value;
      case Outcome.Refuted<T>(String reason) -> throw refused(reason);
      case Outcome.Undecided<T>(String reason) ->
          throw CliException.failed("this cannot be verified: " + reason);
    };
  }

  private static CliException refused(String reason) {
    return new CliException(
        Exit.REFUSED, "the node's answer is not proved and must not be believed: " + reason);
  }
}
