package dev.cairn.files.bitswap;

import dev.cairn.files.bitswap.Ledger.Stage;
import dev.cairn.files.bitswap.Ledger.Want;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// The serving side of Bitswap: who wants what, and what is to be sent next to whom. It knows the
/// wants only; whoever drives it looks blocks up and writes them.
///
/// Everything for one peer is bounded and goes when the peer does. The block that goes to a peer
/// next is the one that was sent to others least often: readers who start together get different
/// blocks of a DAG, which they can then give to each other. (The priority that the peer gave comes
/// first.)
///
/// A pure class: no threads, clocks or blocks. Owner: the [Serving] that guards it with a lock.
final class Server {

  /// The blocks whose sending is counted; the oldest are forgotten.
  private static final int COUNTED_MAX = 16_384;

  private final int wantsPerPeer;
  private final int inlineBytesMax;
  private final Map<PeerId, Ledger> ledgers = new LinkedHashMap<>();
  private final Map<Cid, Integer> sent = new LinkedHashMap<>();

  Server(BitswapParams params) {
    this.wantsPerPeer = params.wantsPerPeer();
    this.inlineBytesMax = params.inlineBytesMax();
  }

  /// Takes a peer's wants and cancels.
  ///
  /// @return the wants over the limit, which are answered as not here
  List<Presence> receive(PeerId peer, List<Entry> entries, boolean full) {
    Ledger ledger = ledgers.computeIfAbsent(peer, p -> new Ledger());
    List<Presence> refused = new ArrayList<>();
    if (full) {
      ledger.clear();
    }
    for (Entry entry : entries) {
      Cid key = Keys.of(entry.cid());
      if (entry.cancel()) {
        ledger.remove(key);
      } else if (ledger.size() < wantsPerPeer || ledger.get(key).isPresent()) {
        ledger.put(key, entry);
      } else if (entry.sendDontHave()) {
        refused.add(new Presence(entry.cid(), false));
      }
    }
    if (ledger.size() == 0) {
      ledgers.remove(peer);
    }
    return refused;
  }

  void gone(PeerId peer) {
    ledgers.remove(peer);
  }

  /// Some of the blocks that have to be looked up for a peer: [#checked] is to be called for each.
  List<Cid> unchecked(PeerId peer, int max) {
    List<Cid> cids = new ArrayList<>();
    Ledger ledger = ledgers.get(peer);
    if (ledger != null) {
      for (Want want : ledger.unchecked().values()) {
        if (cids.size() == max) {
          break;
        }
        cids.add(want.cid);
      }
    }
    return cids;
  }

  /// Tells whether a block is here.
  ///
  /// @param size its bytes, or empty when it is not here
  /// @return what the peer is to be told now
  Optional<Presence> checked(PeerId peer, Cid cid, OptionalInt size) {
    Ledger ledger = ledgers.get(peer);
    Cid key = Keys.of(cid);
    Want want = ledger == null ? null : ledger.get(key).orElse(null);
    if (ledger == null || want == null || want.stage == Stage.READY) {
      return Optional.empty();
    }
    if (size.isEmpty()) {
      return absent(ledger, key, want);
    }
    want.size = size.getAsInt();
    if (want.block || want.size <= inlineBytesMax) {
      ledger.stage(key, want, Stage.READY);
      return Optional.empty();
    }
    ledger.remove(key);
    return Optional.of(new Presence(want.cid, true));
  }

  /// A want that cannot be met stays, in case the block comes, and the peer is told once.
  private static Optional<Presence> absent(Ledger ledger, Cid key, Want want) {
    ledger.stage(key, want, Stage.STANDING);
    if (!want.sendDontHave) {
      return Optional.empty();
    }
    want.sendDontHave = false;
    return Optional.of(new Presence(want.cid, false));
  }

  /// The block to be sent to a peer next.
  Optional<Cid> next(PeerId peer) {
    Ledger ledger = ledgers.get(peer);
    if (ledger == null) {
      return Optional.empty();
    }
    Want best = null;
    int bestSent = 0;
    for (Map.Entry<Cid, Want> entry : ledger.ready().entrySet()) {
      Want want = entry.getValue();
      int times = sent.getOrDefault(entry.getKey(), 0);
      if (best == null
          || want.priority > best.priority
          || (want.priority == best.priority && times < bestSent)) {
        best = want;
        bestSent = times;
      }
    }
    if (best == null) {
      return Optional.empty();
    }
    Cid key = Keys.of(best.cid);
    ledger.remove(key);
    sent.merge(key, 1, Integer::sum);
    if (sent.size() > COUNTED_MAX) {
      sent.remove(sent.keySet().iterator().next());
    }
    return Optional.of(best.cid);
  }

  /// The bytes that wait to be sent to a peer.
  long pendingBytes(PeerId peer) {
    Ledger ledger = ledgers.get(peer);
    return ledger == null ? 0 : ledger.readyBytes();
  }

  /// A block is here now: those who wait for it have to be served.
  ///
  /// @return their peers
  List<PeerId> arrived(Cid cid) {
    Cid key = Keys.of(cid);
    List<PeerId> waiting = new ArrayList<>();
    ledgers.forEach(
        (peer, ledger) ->
            ledger
                .get(key)
                .filter(want -> want.stage == Stage.STANDING)
                .ifPresent(
                    want -> {
                      ledger.stage(key, want, Stage.UNCHECKED);
                      waiting.add(peer);
                    }));
    return waiting;
  }

  /// How many wants of a peer are remembered.
  int wants(PeerId peer) {
    Ledger ledger = ledgers.get(peer);
    return ledger == null ? 0 : ledger.size();
  }

  /// How many peers want something.
  int peers() {
    return ledgers.size();
  }
}
