package dev.cairn.node.api;

import static dev.cairn.node.rpc.RpcMethod.Param.optional;
import static dev.cairn.node.rpc.RpcMethod.Param.required;

import dev.cairn.core.block.Block;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.peer.Answer;
import dev.cairn.core.peer.PeerIntake;
import dev.cairn.core.peer.Question;
import dev.cairn.core.peer.SubmitResult;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import dev.cairn.node.chain.ChainPeer;
import dev.cairn.node.chain.TransactionFate;
import dev.cairn.node.rpc.Params;
import dev.cairn.node.rpc.RpcException;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.Schema;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `tx_*`: signed transactions in, and what became of them.
final class TransactionMethods {

  /// The longest that one call waits, in milliseconds; a client asks again if it wants longer.
  private static final long WAIT_MILLIS_MAX = 120_000;

  /// The most transactions in one call: what a sender may have waiting is of that order.
  private static final int SUBMIT_MAX = 256;

  private static final Schema OUTCOME =
      Schema.object(
          "what became of it",
          Map.of(
              "tx", Schema.string("the transaction's CID"),
              "status",
                  Schema.string("pending, included, final, dropped; or refused, in tx_submitAll"),
              "height", Schema.integer("of the block, when there is one"),
              "block", Schema.string("CID of the block, when there is one"),
              "confirmations", Schema.integer("blocks from that one up to the head"),
              "reason", Schema.string("why it was dropped or refused")));

  private static final long CONFIRMATIONS_MAX = 1_000_000;

  private static final RpcMethod.Param CONFIRMATIONS =
      optional("confirmations", Schema.integer("1 to 1000000"), "return with so many, or final");

  private final ChainStore store;
  private final ChainPeer peer;
  private final PeerIntake intake;

  TransactionMethods(ChainStore store, ChainPeer peer, PeerIntake intake) {
    this.store = store;
    this.peer = peer;
    this.intake = intake;
  }

  List<RpcMethod> methods() {
    return List.of(
        new RpcMethod(
            "tx_submit",
            "Hands in a signed transaction; with waitMillis, waits until it is final or dropped.",
            List.of(
                required("transaction", Schema.string("base64"), "the encoded transaction"),
                optional("waitMillis", Schema.integer("0 to 120000"), "how long to wait at most"),
                CONFIRMATIONS),
            OUTCOME,
            this::submit),
        new RpcMethod(
            "tx_submitAll",
            "Hands in several signed transactions at once, and answers for each; with waitMillis,"
                + " waits until all are final or dropped.",
            List.of(
                required(
                    "transactions",
                    Schema.array(Schema.string("base64"), "at most " + SUBMIT_MAX),
                    "the encoded transactions, in the order in which they are to be taken"),
                optional("waitMillis", Schema.integer("0 to 120000"), "how long to wait at most")),
            Schema.object(
                "outcomes", Map.of("outcomes", Schema.array(OUTCOME, "one for each, in order"))),
            this::submitAll),
        new RpcMethod(
            "tx_wait",
            "Waits until a pending transaction is final or dropped.",
            List.of(
                required("tx", Schema.string("CID"), "the transaction's CID"),
                required("waitMillis", Schema.integer("0 to 120000"), "how long to wait at most"),
                CONFIRMATIONS),
            OUTCOME,
            this::await),
        new RpcMethod(
            "tx_get",
            "A transaction, final or pending, with where it is.",
            List.of(required("tx", Schema.string("CID"), "the transaction's CID")),
            Schema.object("the transaction with its outcome", Map.of()),
            this::get),
        new RpcMethod(
            "tx_pending",
            "The transactions that wait in this node's mempool, those that go first at the front.",
            List.of(optional("max", Schema.integer("1 to 1000, default 100"), "how many")),
            Schema.array(Schema.object("a transaction", Map.of()), "pending transactions"),
            this::pending));
  }

  private JsonValue submit(Params params) throws InterruptedException {
    Transaction transaction = decode("transaction", params.string("transaction"));
    Optional<SubmitResult.Refused> refusal = intake.refusal(transaction);
    if (refusal.isPresent()) {
      throw refused(transaction.id(), refusal.get());
    }
    long wait = params.optionalLong("waitMillis", 0, WAIT_MILLIS_MAX).orElse(0L);
    SubmitResult result;
    Optional<TransactionFate> fate = Optional.empty();
    Optional<Long> confirmations = params.optionalLong("confirmations", 1, CONFIRMATIONS_MAX);
    if (wait == 0 || confirmations.isPresent()) {
      result = peer.submit(transaction).orElseThrow(Parse::busy);
    } else {
      var submission = peer.submitAndWait(transaction, Duration.ofMillis(wait));
      result = submission.result().orElseThrow(Parse::busy);
      fate = submission.fate();
    }
    if (result instanceof SubmitResult.Accepted(Cid id) && wait > 0 && confirmations.isPresent()) {
      fate = peer.await(id, confirmations.get(), () -> stored(id), Duration.ofMillis(wait));
    }
    return switch (result) {
      case SubmitResult.Accepted accepted -> outcome(accepted.transaction(), fate).build();
      case SubmitResult.Refused refused -> throw refused(transaction.id(), refused);
    };
  }

  private JsonValue submitAll(Params params) throws InterruptedException {
    List<Transaction> transactions =
        params.strings("transactions", SUBMIT_MAX).stream()
            .map(text -> decode("transactions", text))
            .toList();
    long wait = params.optionalLong("waitMillis", 0, WAIT_MILLIS_MAX).orElse(0L);
    List<Optional<SubmitResult.Refused>> refusals =
        transactions.stream().map(intake::refusal).toList();
    List<Transaction> signed = new ArrayList<>();
    for (int i = 0; i < refusals.size(); i++) {
      if (refusals.get(i).isEmpty()) {
        signed.add(transactions.get(i));
      }
    }
    var submitted = peer.submitAll(signed, Duration.ofMillis(wait)).iterator();
    var outcomes = ChainJson.JSON.createArrayBuilder();
    for (int i = 0; i < refusals.size(); i++) {
      Cid id = transactions.get(i).id();
      outcomes.add(
          refusals.get(i).isPresent()
              ? refusal(id, refusals.get(i).get())
              : outcome(id, submitted.next()));
    }
    return ChainJson.JSON.createObjectBuilder().add("outcomes", outcomes).build();
  }

  private JsonObjectBuilder outcome(Cid id, ChainPeer.Submission submission) {
    return switch (submission.result().orElseThrow(Parse::busy)) {
      case SubmitResult.Accepted a -> outcome(id, submission.fate());
      case SubmitResult.Refused refused -> refusal(id, refused);
    };
  }

  private static JsonObjectBuilder refusal(Cid id, SubmitResult.Refused refused) {
    return ChainJson.JSON
        .createObjectBuilder()
        .add("tx", id.toString())
        .add("status", "refused")
        .add("reason", refused.reason())
        .add("code", refused.code().name().toLowerCase(Locale.ROOT));
  }

  private static Transaction decode(String parameter, String base64) {
    return Parse.parse(
        parameter, base64, text -> Transaction.decode(Base64.getDecoder().decode(text)));
  }

  private static RpcException refused(Cid id, SubmitResult.Refused refused) {
    return new RpcException(
        RpcException.REFUSED,
        refused.reason(),
        Optional.of(
            ChainJson.JSON
                .createObjectBuilder()
                .add("tx", id.toString())
                .add("reason", refused.code().name().toLowerCase(Locale.ROOT))
                .build()));
  }

  private JsonValue await(Params params) throws InterruptedException {
    Cid id = Parse.cid("tx", params.string("tx"));
    long wait = params.optionalLong("waitMillis", 0, WAIT_MILLIS_MAX).orElse(0L);
    Optional<Long> confirmations = params.optionalLong("confirmations", 1, CONFIRMATIONS_MAX);
    if (stored(id).isPresent()) {
      return outcome(id, stored(id)).build();
    }
    if (pendingTransaction(id).isEmpty() && located(id).isEmpty()) {
      throw unknown(id);
    }
    Optional<TransactionFate> fate =
        confirmations.isPresent()
            ? peer.await(id, confirmations.get(), () -> stored(id), Duration.ofMillis(wait))
            : peer.await(id, Duration.ofMillis(wait));
    return outcome(id, fate.isPresent() ? fate : located(id)).build();
  }

  private JsonValue get(Params params) throws InterruptedException {
    Cid id = Parse.cid("tx", params.string("tx"));
    Optional<TransactionFate> where = located(id);
    Optional<Transaction> transaction =
        switch (where.orElse(new TransactionFate.Dropped(""))) {
          case TransactionFate.Final _ -> finalTransaction(id);
          case TransactionFate.Included(Cid block, long _) -> openTransaction(id, block);
          case TransactionFate.Dropped _ -> pendingTransaction(id);
        };
    return outcome(id, where)
        .add("transaction", ChainJson.transaction(transaction.orElseThrow(() -> unknown(id))))
        .build();
  }

  private Optional<Transaction> finalTransaction(Cid id) {
    return store
        .transaction(id)
        .flatMap(at -> store.block(at.block()).map(b -> b.decode().transactions().get(at.index())));
  }

  private Optional<Transaction> openTransaction(Cid id, Cid block) throws InterruptedException {
    Answer answer = peer.ask(new Question.OpenBlock(block)).orElseThrow(Parse::busy);
    if (answer instanceof Answer.OpenBlock(Optional<Block> open) && open.isPresent()) {
      return open.get().transactions().stream().filter(t -> t.id().equals(id)).findFirst();
    }
    return finalTransaction(id);
  }

  private JsonValue pending(Params params) throws InterruptedException {
    int max = params.optionalLong("max", 1, 1_000).orElse(100L).intValue();
    Answer answer = peer.ask(new Question.PendingTransactions(max)).orElseThrow(Parse::busy);
    var list = ChainJson.JSON.createArrayBuilder();
    if (answer instanceof Answer.Transactions(List<Transaction> transactions)) {
      transactions.forEach(t -> list.add(ChainJson.transaction(t)));
    }
    return list.build();
  }

  private Optional<Transaction> pendingTransaction(Cid id) throws InterruptedException {
    Answer answer = peer.ask(new Question.PendingTransaction(id)).orElseThrow(Parse::busy);
    return answer instanceof Answer.Transactions(List<Transaction> transactions)
        ? transactions.stream().findFirst()
        : Optional.empty();
  }

  private Optional<TransactionFate> located(Cid id) throws InterruptedException {
    Optional<TransactionFate> stored = stored(id);
    return stored.isPresent() ? stored : peer.included(id);
  }

  private Optional<TransactionFate> stored(Cid id) {
    return store.transaction(id).map(l -> new TransactionFate.Final(l.block(), l.height()));
  }

  private JsonObjectBuilder outcome(Cid id, Optional<TransactionFate> fate) {
    JsonObjectBuilder json = ChainJson.JSON.createObjectBuilder().add("tx", id.toString());
    if (fate.isEmpty()) {
      return json.add("status", "pending");
    }
    return switch (fate.get()) {
      case TransactionFate.Final(Cid block, long height) ->
          placed(json.add("status", "final"), block, height);
      case TransactionFate.Included(Cid block, long height) ->
          placed(json.add("status", "included"), block, height);
      case TransactionFate.Dropped(String reason) ->
          json.add("status", "dropped").add("reason", reason);
    };
  }

  private JsonObjectBuilder placed(JsonObjectBuilder json, Cid block, long height) {
    long confirmations = Math.max(1, peer.view().height() - height + 1);
    return json.add("height", height)
        .add("block", block.toString())
        .add("confirmations", confirmations);
  }

  private static RpcException unknown(Cid id) {
    return new RpcException(
        RpcException.NOT_FOUND, "this node knows no transaction " + id + ", final or pending");
  }
}
