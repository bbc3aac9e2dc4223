package dev.cairn.node.api;

import static dev.cairn.node.rpc.RpcMethod.Param.optional;
import static dev.cairn.node.rpc.RpcMethod.Param.required;

import dev.cairn.core.Address;
import dev.cairn.core.block.Block;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.ledger.FinalHead;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.core.peer.Answer;
import dev.cairn.core.peer.Question;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.StateKey;
import dev.cairn.multiformats.Cid;
import dev.cairn.node.chain.ChainPeer;
import dev.cairn.node.rpc.Params;
import dev.cairn.node.rpc.RpcException;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.Schema;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// `chain_*`, `account_*` and `record_*`: what the final chain says.
final class ChainMethods {

  private static final long HEIGHT_MAX = Long.MAX_VALUE;

  private final ChainSpec spec;
  private final ChainStore store;
  private final ChainPeer peer;

  ChainMethods(ChainSpec spec, ChainStore store, ChainPeer peer) {
    this.spec = spec;
    this.store = store;
    this.peer = peer;
  }

  List<RpcMethod> methods() {
    return List.of(
        new RpcMethod(
            "chain_getBlock",
            "A block, by its id or its height; the newest final one when neither is given.",
            List.of(
                optional("id", Schema.string("CID"), "the block's CID"),
                optional("height", Schema.integer("0 or more"), "the block's height"),
                optional("raw", Schema.bool("default false"), "add the encoded parts, base64")),
            Schema.object("the block", Map.of()),
            this::block),
        new RpcMethod(
            "chain_getSpec",
            "The chain spec, as its file says it, with the chain's id.",
            List.of(),
            Schema.object(
                "the spec",
                Map.of("chain", Schema.string("chain id, hex"), "spec", Schema.string("the file"))),
            p ->
                ChainJson.JSON
                    .createObjectBuilder()
                    .add("chain", spec.chainId().toString())
                    .add("shortName", spec.shortName())
                    .add("genesis", spec.genesis().id().toString())
                    .add("spec", spec.toText())
                    .build()),
        new RpcMethod(
            "chain_getSigning",
            "What a client needs to sign a transaction for the next block.",
            List.of(),
            Schema.object(
                "what signatures cover, and the least fee",
                Map.of(
                    "chain", Schema.string("chain id, hex"),
                    "forkVersion", Schema.integer("at the next height"),
                    "feePerByte", Schema.string("base units"))),
            p -> signing()),
        new RpcMethod(
            "account_get",
            "An account's final balance and nonce, and the nonce its next transaction needs.",
            List.of(required("address", Schema.string("bech32m"), "the account")),
            Schema.object(
                "the account",
                Map.of(
                    "balance", Schema.string("base units"),
                    "nonce", Schema.integer("transactions in final blocks"),
                    "nextNonce", Schema.integer("counting those that are pending"))),
            this::account),
        new RpcMethod(
            "record_get",
            "A record's latest final version, or an earlier one.",
            List.of(
                required("owner", Schema.string("bech32m"), "who owns the record"),
                required("name", Schema.string("1 to 128 bytes of UTF-8, NFC"), "its name"),
                optional("version", Schema.integer("from 1"), "an earlier version")),
            Schema.object("the record", Map.of()),
            this::record));
  }

  private JsonValue signing() {
    return ChainJson.JSON
        .createObjectBuilder()
        .add("chain", spec.chainId().toString())
        .add("forkVersion", spec.forkVersion(peer.view().height() + 1))
        .add("feePerByte", Long.toString(spec.feePerByte()))
        .build();
  }

  private JsonValue block(Params params) throws InterruptedException {
    Optional<String> id = params.optionalString("id");
    Optional<Long> height = params.optionalLong("height", 0, HEIGHT_MAX);
    if (id.isPresent() && height.isPresent()) {
      throw new RpcException(RpcException.INVALID_PARAMS, "give an id or a height, not both");
    }
    String wanted = id.or(() -> height.map(h -> "at height " + h)).orElse("at all");
    Optional<Cid> cid = id.map(text -> Parse.cid("id", text));
    Optional<StoredBlock> stored = find(cid, height).flatMap(store::block);
    boolean raw = params.flag("raw");
    if (stored.isPresent()) {
      Block block = stored.get().decode();
      return ChainJson.block(block, stored.get().certificate(), true, raw)
          .add("confirmations", confirmations(block.height()))
          .build();
    }
    Block open =
        open(cid, height)
            .orElseThrow(
                () -> new RpcException(RpcException.NOT_FOUND, "there is no block " + wanted));
    boolean onChain = open(Optional.empty(), Optional.of(open.height())).equals(Optional.of(open));
    return ChainJson.block(open, Bytes.EMPTY, false, raw)
        .add("confirmations", onChain ? confirmations(open.height()) : 0)
        .build();
  }

  private long confirmations(long height) {
    return Math.max(1, peer.view().height() - height + 1);
  }

  /// A block that is not final: by its id, or of the node's chain by its height.
  private Optional<Block> open(Optional<Cid> id, Optional<Long> height)
      throws InterruptedException {
    if (id.isEmpty() && height.isEmpty()) {
      return Optional.empty();
    }
    Question question =
        id.isPresent()
            ? new Question.OpenBlock(id.get())
            : new Question.OpenHeight(height.orElseThrow());
    Answer answer = peer.ask(question).orElseThrow(Parse::busy);
    return answer instanceof Answer.OpenBlock(Optional<Block> block) ? block : Optional.empty();
  }

  private Optional<Cid> find(Optional<Cid> id, Optional<Long> height) {
    if (id.isPresent()) {
      return id;
    }
    return height.isPresent() ? store.blockAt(height.get()) : store.head().map(FinalHead::block);
  }

  private JsonValue account(Params params) throws InterruptedException {
    Address address = Parse.address("address", params.string("address"));
    Account account =
        store.value(StateKey.account(address).bytes()).map(Account::decode).orElse(Account.EMPTY);
    Answer answer = peer.ask(new Question.NextNonce(address)).orElseThrow(Parse::busy);
    long next = answer instanceof Answer.Nonce nonce ? nonce.next() : account.nonce();
    return ChainJson.JSON
        .createObjectBuilder()
        .add("address", address.toString())
        .add("balance", Long.toString(account.balance()))
        .add("nonce", account.nonce())
        .add("nextNonce", Math.max(next, account.nonce()))
        .build();
  }

  private JsonValue record(Params params) {
    Address owner = Parse.address("owner", params.string("owner"));
    String name = Parse.recordName(params.string("name"));
    Optional<Long> version = params.optionalLong("version", 1, Long.MAX_VALUE);
    Bytes key = StateKey.record(owner, name).bytes();
    Bytes entry =
        (version.isPresent() ? store.recordVersion(key, version.get()) : store.value(key))
            .orElseThrow(
                () ->
                    new RpcException(
                        RpcException.NOT_FOUND,
                        "there is no record '"
                            + name
                            + "' of "
                            + owner
                            + version.map(v -> " in version " + v).orElse("")));
    return ChainJson.record(name, RecordEntry.decode(entry)).build();
  }
}
