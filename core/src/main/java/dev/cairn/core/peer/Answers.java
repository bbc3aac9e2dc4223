package dev.cairn.core.peer;

import dev.cairn.core.Address;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.mempool.Mempool;
import dev.cairn.core.state.StateKey;
import dev.cairn.multiformats.Cid;
import java.util.List;

/// Answers what only the machine can tell. Changes nothing.
///
/// Owner: the [PeerMachine].
record Answers(
    Ledger ledger, Mempool mempool, Engine engine, Submissions submissions, Blocks blocks) {

  Answer to(Question question) {
    return switch (question) {
      case Question.NextNonce(Address account) -> {
        long next = mempool.nextNonce(account, blocks.head());
        long settled = ledger.finalState().account(account).nonce();
        yield new Answer.Nonce(next, (int) (next - settled));
      }
      case Question.PendingTransaction(Cid id) ->
          new Answer.Transactions(submissions.get(id).map(List::of).orElse(List.of()));
      case Question.PendingTransactions(int max) ->
          new Answer.Transactions(mempool.transactions(max));
      case Question.Included(Cid id) -> new Answer.Included(blocks.chain().holding(id));
      case Question.OpenHeight(long height) -> new Answer.OpenBlock(blocks.chain().at(height));
      case Question.OpenBlock(Cid id) ->
          new Answer.OpenBlock(engine.block(id).or(() -> ledger.pending(id)));
      case Question.Proof(StateKey key) -> blocks.prove(key);
      case Question.Consensus _ -> new Answer.Consensus(engine.consensus());
    };
  }
}
