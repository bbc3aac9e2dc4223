package dev.cairn.core.peer;

import dev.cairn.core.block.Block;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.View;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.multiformats.Cid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The blocks from the final one up to the head, and where their transactions are. Bounded by what
/// the ledger executes ahead of the final block.
///
/// Owner: the [PeerMachine].
final class HeadChain {

  private final Ledger ledger;

  /// Above the final block, ascending by height.
  private final Deque<Block> open = new ArrayDeque<>();

  private final Map<Cid, Block> byTransaction = new HashMap<>();

  HeadChain(Ledger ledger) {
    this.ledger = ledger;
  }

  /// The state after the head.
  View head() {
    return open.isEmpty()
        ? ledger.finalState()
        : ledger.at(open.getLast().id()).orElse(ledger.finalState());
  }

  /// Where a transaction is, if the branch of the head has it and it is not final.
  Optional<Block> holding(Cid transaction) {
    return Optional.ofNullable(byTransaction.get(transaction));
  }

  /// The block of the head's branch at a height that is not final.
  Optional<Block> at(long height) {
    return open.stream().filter(b -> b.height() == height).findFirst();
  }

  /// Goes over to another head, which the ledger has executed or which is final.
  ///
  /// @return the blocks that are not part of the branch any more, the highest first
  List<Block> moveTo(Cid head) {
    Deque<Block> added = new ArrayDeque<>();
    Optional<Block> next = ledger.pending(head);
    while (next.isPresent() && !has(next.get())) {
      added.addFirst(next.get());
      next = next.get().parent().flatMap(ledger::pending);
    }
    long fork = next.map(Block::height).orElse(ledger.finalState().height());
    List<Block> left = new ArrayList<>();
    while (!open.isEmpty() && open.getLast().height() > fork) {
      Block block = open.removeLast();
      left.add(block);
      block.transactions().forEach(t -> byTransaction.remove(t.id(), block));
    }
    for (Block block : added) {
      open.addLast(block);
      block.transactions().forEach(t -> byTransaction.put(t.id(), block));
    }
    return left;
  }

  private boolean has(Block block) {
    return at(block.height()).filter(block::equals).isPresent();
  }

  /// Drops what has become final; the head falls back to the final block when it lost.
  void finalized() {
    View state = ledger.finalState();
    while (!open.isEmpty() && open.getFirst().height() <= state.height()) {
      Block block = open.removeFirst();
      block.transactions().forEach(t -> byTransaction.remove(t.id(), block));
    }
    boolean lost = !open.isEmpty() && !open.getFirst().parent().equals(Optional.of(state.block()));
    if (lost) {
      open.clear();
      byTransaction.clear();
    }
  }

  /// All transactions of these blocks, each block's in its order, the lowest block's first.
  static List<Transaction> transactions(List<Block> highestFirst) {
    List<Transaction> all = new ArrayList<>();
    highestFirst.reversed().forEach(b -> all.addAll(b.transactions()));
    return all;
  }
}
