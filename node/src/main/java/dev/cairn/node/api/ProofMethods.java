package dev.cairn.node.api;

import static dev.cairn.node.rpc.RpcMethod.Param.optional;
import static dev.cairn.node.rpc.RpcMethod.Param.required;

import dev.cairn.core.Hash;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.ValidatorSet;
import dev.cairn.core.consensus.simplex.ValidatorSets;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.ledger.FinalHead;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.core.ledger.TxLocation;
import dev.cairn.core.light.FinalityProof;
import dev.cairn.core.light.TransactionProof;
import dev.cairn.core.peer.Answer;
import dev.cairn.core.peer.Question;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.chain.ChainPeer;
import dev.cairn.node.rpc.Params;
import dev.cairn.node.rpc.RpcException;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.Schema;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// What a light client asks for (spec/light.md): nothing here need be believed.
final class ProofMethods {

  /// Ends of epochs in one answer; with the largest sets about 5 MB.
  static final int EPOCH_ENDS_MAX = 64;

  private static final Schema HEADERS =
      Schema.array(
          Schema.string("header, base64"), "the block's, then its descendants' up to a certified");

  private static final Schema CERTIFICATE =
      Schema.string("of the last of the headers, base64; empty for the genesis block");

  private final ChainSpec spec;
  private final ChainStore store;
  private final ChainPeer peer;

  ProofMethods(ChainSpec spec, ChainStore store, ChainPeer peer) {
    this.spec = spec;
    this.store = store;
    this.peer = peer;
  }

  List<RpcMethod> methods() {
    List<RpcMethod> all = new ArrayList<>(chain());
    all.addAll(proofs());
    return all;
  }

  private List<RpcMethod> chain() {
    return List.of(
        new RpcMethod(
            "chain_getHeader",
            "The header of a final block with what proves it final; the newest unless named.",
            List.of(
                optional("id", Schema.string("CID"), "the block's CID"),
                optional("height", Schema.integer("0 or more"), "the block's height")),
            Schema.object(
                "a finality proof", Map.of("headers", HEADERS, "certificate", CERTIFICATE)),
            this::header),
        new RpcMethod(
            "chain_getEpochEnds",
            "The last blocks of epochs that are over, in order, with the validators that follow.",
            List.of(
                required("epoch", Schema.integer("0 or more"), "the first epoch"),
                optional("count", Schema.integer("1 to 64, default 64"), "how many at most")),
            Schema.array(
                Schema.object(
                    "the end of an epoch",
                    Map.of(
                        "epoch", Schema.integer("its number"),
                        "header", Schema.string("of its last block, base64"),
                        "certificate", Schema.string("of that block, base64"),
                        "nextValidators",
                            Schema.array(
                                validator(), "the next epoch's; absent when they are this one's"))),
                "as many as there are"),
            this::epochEnds));
  }

  private List<RpcMethod> proofs() {
    return List.of(
        new RpcMethod(
            "state_getProof",
            "What the state after the newest final block holds under a key, with the proof.",
            List.of(required("key", Schema.string("base64"), "the key of the state")),
            Schema.object(
                "value and proof",
                Map.of(
                    "value",
                    Schema.string("base64; null when there is none"),
                    "proof",
                    Schema.string("base64"),
                    "headers",
                    HEADERS,
                    "certificate",
                    CERTIFICATE)),
            this::state),
        new RpcMethod(
            "tx_getProof",
            "A final transaction, with the proof that it is in its block.",
            List.of(required("tx", Schema.string("CID"), "the transaction's CID")),
            Schema.object(
                "transaction and proof",
                Map.of(
                    "transaction", Schema.string("encoded, base64"),
                    "index", Schema.integer("its place in the block"),
                    "count", Schema.integer("transactions in the block"),
                    "path", Schema.array(Schema.string("hash, hex"), "from the leaf up"),
                    "headers", HEADERS,
                    "certificate", CERTIFICATE)),
            this::transaction));
  }

  private static Schema validator() {
    return Schema.object(
        "a validator",
        Map.of(
            "key", Schema.string("hex"),
            "account", Schema.string("bech32m"),
            "stake", Schema.string("base units")));
  }

  private JsonValue header(Params params) {
    Optional<String> id = params.optionalString("id");
    Optional<Long> height = params.optionalLong("height", 0, Long.MAX_VALUE);
    if (id.isPresent() && height.isPresent()) {
      throw new RpcException(RpcException.INVALID_PARAMS, "give an id or a height, not both");
    }
    Optional<Cid> block =
        id.isPresent()
            ? id.map(text -> Parse.cid("id", text))
            : height.isPresent() ? store.blockAt(height.get()) : store.head().map(FinalHead::block);
    Cid known =
        block
            .filter(cid -> store.block(cid).isPresent())
            .orElseThrow(
                () ->
                    new RpcException(
                        RpcException.NOT_FOUND,
                        "there is no final block "
                            + id.or(() -> height.map(h -> "at height " + h)).orElse("at all")));
    return finality(known).build();
  }

  private JsonObjectBuilder finality(Cid block) {
    return finality(FinalityProof.of(store, block).orElseThrow(this::uncertified));
  }

  private static JsonObjectBuilder finality(FinalityProof proof) {
    JsonArrayBuilder headers = ChainJson.JSON.createArrayBuilder();
    proof.headers().forEach(h -> headers.add(ChainJson.base64(h.encoded())));
    return ChainJson.JSON
        .createObjectBuilder()
        .add("headers", headers)
        .add("certificate", ChainJson.base64(proof.certificate()));
  }

  private RpcException uncertified() {
    if (!(spec.engine() instanceof SimplexParams)) {
      return withoutCertificates();
    }
    return new RpcException(
        RpcException.BUSY, "no certificate covers that block here yet; try again in a moment");
  }

  private JsonValue epochEnds(Params params) {
    SimplexRules rules = rules();
    long epoch = params.requiredLong("epoch", 0, Long.MAX_VALUE);
    long count =
        params.optionalLong("count", 1, EPOCH_ENDS_MAX).orElse((long) EPOCH_ENDS_MAX).longValue();
    JsonArrayBuilder ends = ChainJson.JSON.createArrayBuilder();
    Optional<Hash> hash = ValidatorSets.find(spec, store, epoch).map(ValidatorSet::hash);
    for (long e = epoch; e - epoch < count && e < Long.MAX_VALUE / rules.epochBlocks() - 1; e++) {
      Optional<StoredBlock> last =
          store.blockAt((e + 1) * rules.epochBlocks()).flatMap(store::block);
      if (last.isEmpty() || last.get().certificate().isEmpty()) {
        break;
      }
      JsonObjectBuilder end =
          ChainJson.JSON
              .createObjectBuilder()
              .add("epoch", e)
              .add("header", ChainJson.base64(last.get().header()))
              .add("certificate", ChainJson.base64(last.get().certificate()));
      Optional<ValidatorSet> next = ValidatorSets.find(spec, store, e + 1);
      if (next.isPresent() && !next.map(ValidatorSet::hash).equals(hash)) {
        end.add("nextValidators", list(next.get()));
      }
      hash = next.map(ValidatorSet::hash);
      ends.add(end);
    }
    return ends.build();
  }

  private static JsonArrayBuilder list(ValidatorSet set) {
    JsonArrayBuilder list = ChainJson.JSON.createArrayBuilder();
    for (int i = 0; i < set.size(); i++) {
      list.add(
          ChainJson.JSON
              .createObjectBuilder()
              .add("key", Hex.encode(set.get(i).key().toArrayUnsafe()))
              .add("account", set.get(i).account().toString())
              .add("stake", Long.toString(set.get(i).stake())));
    }
    return list;
  }

  private SimplexRules rules() {
    if (!(spec.engine() instanceof SimplexParams)) {
      throw withoutCertificates();
    }
    return SimplexRules.of(spec);
  }

  private RpcException withoutCertificates() {
    return new RpcException(
        RpcException.NOT_FOUND,
        "blocks of the engine '" + spec.engine().name() + "' have no certificates");
  }

  private JsonValue state(Params params) throws InterruptedException {
    byte[] key = Parse.parse("key", params.string("key"), Base64.getDecoder()::decode);
    if (key.length < 1 || key.length > StateKey.BYTES_MAX) {
      throw new RpcException(
          RpcException.INVALID_PARAMS,
          "parameter 'key': a key of the state has 1 to " + StateKey.BYTES_MAX + " bytes");
    }
    Answer answer =
        peer.ask(new Question.Proof(StateKey.of(Bytes.wrap(key)))).orElseThrow(Parse::busy);
    if (!(answer instanceof Answer.Proof(var finality, var value, var proof))) {
      throw Parse.busy();
    }
    JsonObjectBuilder json = finality(finality.orElseThrow(this::uncertified));
    value.ifPresentOrElse(v -> json.add("value", ChainJson.base64(v)), () -> json.addNull("value"));
    return json.add("proof", ChainJson.base64(proof.encode())).build();
  }

  private JsonValue transaction(Params params) {
    Cid id = Parse.cid("tx", params.string("tx"));
    TxLocation location =
        store
            .transaction(id)
            .orElseThrow(
                () ->
                    new RpcException(
                        RpcException.NOT_FOUND, "no transaction " + id + " is final here"));
    List<Transaction> transactions =
        store.block(location.block()).orElseThrow(Parse::busy).decode().transactions();
    TransactionProof proof =
        TransactionProof.of(transactions.stream().map(Transaction::id).toList(), location.index());
    JsonArrayBuilder path = ChainJson.JSON.createArrayBuilder();
    proof.path().forEach(hash -> path.add(hash.toString()));
    return finality(location.block())
        .add("transaction", ChainJson.base64(transactions.get(location.index()).encoded()))
        .add("index", proof.index())
        .add("count", proof.count())
        .add("path", path)
        .build();
  }
}
