package dev.cairn.node.api;

import static dev.cairn.node.api.ChainJson.JSON;
import static dev.cairn.node.rpc.RpcMethod.Param.optional;
import static dev.cairn.node.rpc.RpcMethod.Param.required;

import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.ValidatorSet;
import dev.cairn.core.consensus.simplex.ValidatorSets;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.ledger.FinalHead;
import dev.cairn.core.staking.Offences.Punished;
import dev.cairn.core.staking.Unbonding;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.rpc.Params;
import dev.cairn.node.rpc.RpcException;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.Schema;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Who decides in which epoch, and what a validator has at stake.
final class ValidatorMethods {

  private final ChainSpec spec;
  private final ChainStore store;

  ValidatorMethods(ChainSpec spec, ChainStore store) {
    this.spec = spec;
    this.store = store;
  }

  List<RpcMethod> methods() {
    return List.of(
        new RpcMethod(
            "chain_getValidators",
            "The validators of an epoch, ascending by key: of the present one, or any from the"
                + " first to the next.",
            List.of(optional("epoch", Schema.integer("0 or more"), "which epoch")),
            Schema.object(
                "the set",
                Map.of(
                    "epoch", Schema.integer("which epoch"),
                    "first", Schema.integer("height of its first block"),
                    "last", Schema.integer("height of its last block"),
                    "hash", Schema.string("of the set, as headers have it, hex"),
                    "stake", Schema.string("of all together, base units"),
                    "quorum", Schema.string("the stake that decides, base units"),
                    "validators", Schema.array(Schema.object("a validator", Map.of()), "the set"))),
            this::validators),
        new RpcMethod(
            "validator_get",
            "What a validator's key has at stake and unbonding, and whether it was punished.",
            List.of(required("key", Schema.string("hex"), "the validator's public key")),
            Schema.object("the validator", Map.of()),
            this::validator));
  }

  private JsonValue validators(Params params) {
    if (!(spec.engine() instanceof SimplexParams simplex)) {
      throw new RpcException(RpcException.NOT_FOUND, "this chain has no validators");
    }
    SimplexRules rules = SimplexRules.of(spec);
    long present = rules.epochOf(store.head().map(FinalHead::height).orElse(0L) + 1);
    long epoch = params.optionalLong("epoch", 0, Long.MAX_VALUE).orElse(present);
    ValidatorSet set =
        (epoch > present + 1
                ? Optional.<ValidatorSet>empty()
                : ValidatorSets.find(spec, store, epoch))
            .orElseThrow(
                () ->
                    new RpcException(
                        RpcException.NOT_FOUND,
                        "the validators of epoch " + epoch + " are not fixed yet"));
    var list = JSON.createArrayBuilder();
    for (int i = 0; i < set.size(); i++) {
      ValidatorEntry entry = set.get(i);
      list.add(
          JSON.createObjectBuilder()
              .add("key", ChainJson.hex(entry.key()))
              .add("account", entry.account().toString())
              .add("stake", Long.toString(entry.stake()))
              .add("punished", punished(entry.key()).isPresent()));
    }
    return JSON.createObjectBuilder()
        .add("epoch", epoch)
        .add("present", present)
        .add("first", epoch * simplex.epochBlocks() + 1)
        .add("last", (epoch + 1) * simplex.epochBlocks())
        .add("hash", set.hash().toString())
        .add("stake", Long.toString(set.totalStake()))
        .add("quorum", Long.toString(set.quorum()))
        .add("validators", list)
        .build();
  }

  private Optional<Punished> punished(Bytes key) {
    return store.value(StateKey.punished(key).bytes()).map(Punished::decode);
  }

  private JsonValue validator(Params params) {
    Bytes key = Bytes.wrap(Parse.parse("key", params.string("key"), Hex::decode));
    Optional<ValidatorEntry> entry =
        store.value(StateKey.validator(key).bytes()).map(v -> ValidatorEntry.decode(key, v));
    List<Unbonding> unbonding =
        store.value(StateKey.unbonding(key).bytes()).map(Unbonding::decode).orElse(List.of());
    Optional<Punished> punished = punished(key);
    if (entry.isEmpty() && unbonding.isEmpty() && punished.isEmpty()) {
      throw new RpcException(
          RpcException.NOT_FOUND, "no validator with the key " + params.string("key"));
    }
    JsonObjectBuilder json = JSON.createObjectBuilder().add("key", ChainJson.hex(key));
    entry.ifPresent(e -> json.add("account", e.account().toString()));
    json.add("stake", Long.toString(entry.map(ValidatorEntry::stake).orElse(0L)));
    punished.ifPresent(
        p ->
            json.add(
                "punished",
                JSON.createObjectBuilder().add("epoch", p.epoch()).add("height", p.height())));
    var queue = JSON.createArrayBuilder();
    for (Unbonding one : unbonding) {
      queue.add(
          JSON.createObjectBuilder()
              .add("account", one.account().toString())
              .add("amount", Long.toString(one.amount()))
              .add("time", one.timeMillis())
              .add("epoch", one.epoch()));
    }
    return json.add("unbonding", queue).build();
  }
}
