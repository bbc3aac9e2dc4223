package dev.cairn.node.api;

import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.ConsensusView;
import dev.cairn.core.consensus.ConsensusView.SlotVotes;
import dev.cairn.core.peer.Answer;
import dev.cairn.core.peer.Question;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.chain.ChainPeer;
import dev.cairn.node.chain.Heartbeats;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.Schema;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `consensus_*`: how the validators come to agree.
final class ConsensusMethods {

  private final ChainSpec spec;
  private final ChainPeer peer;
  private final Heartbeats heartbeats;

  ConsensusMethods(ChainSpec spec, ChainPeer peer, Heartbeats heartbeats) {
    this.heartbeats = heartbeats;
    this.spec = spec;
    this.peer = peer;
  }

  List<RpcMethod> methods() {
    return List.of(
        new RpcMethod(
            "consensus_status",
            "Where the validators stand: the present slot, its leader, and whose votes are"
                + " missing.",
            List.of(),
            Schema.object(
                "the status",
                Map.of(
                    "engine", Schema.string("its name in the chain spec"),
                    "epoch", Schema.integer("the present one"),
                    "slot", Schema.integer("the lowest that is not settled"),
                    "finalSlot", Schema.integer("the latest with a final block"),
                    "leader", Schema.integer("index of the validator that leads the slot"),
                    "quorum", Schema.string("stake that decides"),
                    "validators", Schema.array(Schema.object("a validator", Map.of()), "by index"),
                    "slots", Schema.array(Schema.object("votes", Map.of()), "not final yet"),
                    "waitingFor", Schema.integer("slot that waits for votes, if one does"),
                    "missing", Schema.array(Schema.integer("index"), "who has not voted in it"))),
            p -> status()));
  }

  private JsonValue status() throws InterruptedException {
    Answer answer = peer.ask(new Question.Consensus()).orElseThrow(Parse::busy);
    JsonObjectBuilder json =
        ChainJson.JSON.createObjectBuilder().add("engine", spec.engine().name());
    if (answer instanceof Answer.Consensus(Optional<ConsensusView> view) && view.isPresent()) {
      add(json, view.get());
    }
    return json.build();
  }

  private void add(JsonObjectBuilder json, ConsensusView view) {
    JsonArrayBuilder slots = ChainJson.JSON.createArrayBuilder();
    view.slots().forEach(s -> slots.add(slot(s, view)));
    JsonArrayBuilder validators = ChainJson.JSON.createArrayBuilder();
    for (int i = 0; i < view.validators().size(); i++) {
      validators.add(validator(i, view));
    }
    json.add("epoch", view.epoch())
        .add("slot", view.slot())
        .add("finalSlot", view.finalSlot())
        .add("leader", view.slots().getLast().leader())
        .add("quorum", Long.toString(view.quorum()))
        .add("totalStake", Long.toString(view.totalStake()))
        .add("self", view.self() < 0 ? JsonValue.NULL : ChainJson.JSON.createValue(view.self()))
        .add("voting", view.voting())
        .add("validators", validators)
        .add("slots", slots)
        .add(
            "waitingFor",
            view.waitingFor()
                .<JsonValue>map(s -> ChainJson.JSON.createValue(s.slot()))
                .orElse(JsonValue.NULL))
        .add("missing", indexes(view.missing()))
        .add("missingStake", stake(view, view.missing()));
  }

  private JsonObjectBuilder validator(int index, ConsensusView view) {
    ValidatorEntry entry = view.validators().get(index);
    JsonObjectBuilder json =
        ChainJson.JSON
            .createObjectBuilder()
            .add("index", index)
            .add("key", Hex.encode(entry.key().toArrayUnsafe()))
            .add("account", entry.account().toString())
            .add("stake", Long.toString(entry.stake()));
    heartbeats
        .sighting(entry.key())
        .ifPresent(
            s -> {
              json.add("peerId", s.peer()).add("voting", s.voting());
              json.add("heardMillisAgo", heartbeats.ago(s).toMillis());
            });
    return json;
  }

  private static JsonObjectBuilder slot(SlotVotes slot, ConsensusView view) {
    JsonObjectBuilder json =
        ChainJson.JSON
            .createObjectBuilder()
            .add("slot", slot.slot())
            .add("leader", slot.leader())
            .add("notarized", slot.notarized())
            .add("skipped", slot.skipped())
            .add("notarize", votes(slot.toNotarize(), view))
            .add("skip", votes(slot.toSkip(), view))
            .add("finalize", votes(slot.toFinalize(), view));
    slot.proposal().ifPresent(block -> json.add("proposal", block.toString()));
    return json;
  }

  private static JsonObjectBuilder votes(List<Integer> voters, ConsensusView view) {
    return ChainJson.JSON
        .createObjectBuilder()
        .add("voters", indexes(voters))
        .add("stake", stake(view, voters));
  }

  private static JsonArrayBuilder indexes(List<Integer> list) {
    JsonArrayBuilder json = ChainJson.JSON.createArrayBuilder();
    list.forEach(json::add);
    return json;
  }

  private static String stake(ConsensusView view, List<Integer> of) {
    return Long.toString(of.stream().mapToLong(i -> view.validators().get(i).stake()).sum());
  }
}
