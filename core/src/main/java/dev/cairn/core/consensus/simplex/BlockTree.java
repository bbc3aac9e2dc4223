package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.Tip;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The blocks above the final one that the engine holds, and whether each is valid.
///
/// A block is checked when its parent is final or valid, so a valid block has a valid chain down to
/// the tip.
///
/// Owner: the engine.
final class BlockTree {

  /// Blocks held at once.
  static final int BLOCKS_MAX = 256;

  /// Heights above the final one that are fetched one by one; beyond, a range sync is faster.
  static final int CATCH_UP_MAX = 64;

  private enum State {
    WAITING,
    CHECKING,
    VALID,
    INVALID
  }

  private record Entry(Block block, String peer, State state) {
    Entry with(State next) {
      return new Entry(block, peer, next);
    }
  }

  /// A block that is needed and not here.
  record Missing(Cid block, String peer) {}

  private final SimplexRules rules;
  private final Map<Cid, Entry> entries = new LinkedHashMap<>();
  private Tip tip;
  private @Nullable String tooFarAhead;

  BlockTree(SimplexRules rules, Tip tip) {
    this.rules = rules;
    this.tip = tip;
  }

  Tip tip() {
    return tip;
  }

  /// Blocks held.
  int size() {
    return entries.size();
  }

  Optional<Block> block(Cid id) {
    return Optional.ofNullable(entries.get(id)).map(Entry::block);
  }

  boolean holds(Cid id) {
    return id.equals(tip.block()) || entries.containsKey(id);
  }

  /// Whether the block is final or valid.
  boolean valid(Cid id) {
    Entry entry = entries.get(id);
    return id.equals(tip.block()) || (entry != null && entry.state == State.VALID);
  }

  boolean invalid(Cid id) {
    Entry entry = entries.get(id);
    return entry != null && entry.state == State.INVALID;
  }

  /// Height of a block that is [#valid].
  long height(Cid id) {
    return block(id).map(Block::height).orElse(tip.height());
  }

  /// Header time of a block that is [#valid].
  long time(Cid id) {
    return block(id).map(b -> b.header().time()).orElse(tip.timeMillis());
  }

  /// Adds a block that came from `peer`; false when it is known, too old or there is no room.
  boolean add(Block block, String peer) {
    if (block.height() <= tip.height() || holds(block.id()) || entries.size() >= BLOCKS_MAX) {
      return false;
    }
    if (block.height() - tip.height() > CATCH_UP_MAX) {
      tooFarAhead = peer;
      return false;
    }
    entries.put(block.id(), new Entry(block, peer, State.WAITING));
    return true;
  }

  /// Adds a block of this node's own making, which the ledger has executed.
  void addValid(Block block) {
    entries.put(block.id(), new Entry(block, "", State.VALID));
  }

  /// Takes the ledger's answer. Without a clear one the block is dropped, to come again if needed.
  void checked(Cid id, Verdict verdict) {
    Entry entry = entries.get(id);
    if (entry == null || entry.state != State.CHECKING) {
      return;
    }
    switch (verdict) {
      case Verdict.Accept a -> entries.put(id, entry.with(State.VALID));
      case Verdict.Reject r -> entries.put(id, entry.with(State.INVALID));
      case Verdict.Ignore i -> entries.remove(id);
    }
  }

  /// Asks for the check of every block whose parent is valid by now.
  void check(Consumer<? super EngineEffect> out) {
    for (Entry entry : List.copyOf(entries.values())) {
      Cid parent = entry.block.parent().orElseThrow();
      if (entry.state != State.WAITING) {
        continue;
      }
      if (invalid(parent) || (entry.block.height() == tip.height() + 1 && !isTip(parent))) {
        entries.put(entry.block.id(), entry.with(State.INVALID));
      } else if (valid(parent) && rules.knows(entry.block.height())) {
        boolean good = rules.fault(entry.block.header(), height(parent), time(parent)).isEmpty();
        entries.put(entry.block.id(), entry.with(good ? State.CHECKING : State.INVALID));
        if (good) {
          Address feeReceiver = HeaderTuple.decode(entry.block.header().consensus()).proposer();
          out.accept(new EngineEffect.Check(entry.block, feeReceiver));
        }
      }
    }
  }

  private boolean isTip(Cid id) {
    return id.equals(tip.block());
  }

  /// Makes a block the tip and forgets all that does not descend from it.
  void finalized(Tip next) {
    tip = next;
    tooFarAhead = null;
    List<Entry> rest = new ArrayList<>(entries.values());
    rest.sort((a, b) -> Long.compare(a.block.height(), b.block.height()));
    for (Entry entry : rest) {
      long height = entry.block.height();
      Cid parent = entry.block.parent().orElseThrow();
      boolean cut = height == tip.height() + 1 && !isTip(parent);
      boolean orphan =
          height > tip.height() + 1 && entry.state != State.WAITING && !entries.containsKey(parent);
      if (height <= tip.height() || cut || orphan) {
        entries.remove(entry.block.id());
      }
    }
  }

  /// Parents that are neither here nor final, of blocks near enough to be worth asking for.
  List<Missing> missing() {
    List<Missing> missing = new ArrayList<>();
    for (Entry entry : entries.values()) {
      Cid parent = entry.block.parent().orElseThrow();
      boolean gap = entry.block.height() > tip.height() + 1 && !holds(parent);
      if (entry.state == State.WAITING && gap) {
        missing.add(new Missing(parent, entry.peer));
      }
    }
    return missing;
  }

  /// The peer of a block that was refused because it is too far ahead to be reached one by one.
  Optional<String> behind() {
    return Optional.ofNullable(tooFarAhead);
  }

  /// Whether it is time to [#retain] only what may still matter.
  boolean crowded() {
    return entries.size() > BLOCKS_MAX / 2;
  }

  /// Forgets all but these blocks and what they descend from.
  void retain(Collection<Cid> wanted) {
    Set<Cid> kept = new HashSet<>();
    for (Cid id : wanted) {
      Entry entry = entries.get(id);
      while (entry != null && kept.add(entry.block.id())) {
        entry = entries.get(entry.block.parent().orElseThrow());
      }
    }
    entries.keySet().retainAll(kept);
  }
}
