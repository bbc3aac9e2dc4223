package dev.cairn.files.bitswap;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Steps a [Fetcher] and keeps what came out.
class FetchScript {

  static final PeerId ANN = TestPeers.id(1);
  static final PeerId BOB = TestPeers.id(2);
  static final PeerId EVE = TestPeers.id(3);
  static final Cid ROOT = Cid.hash(Cid.DAG_PB, new byte[] {1, 2, 3});
  static final int MIB = 1 << 20;
  static final long MS = 1_000_000;

  final BitswapParams params = BitswapParams.STANDARD;
  Fetcher fetcher = new Fetcher(params, 1);
  final List<FetchEffect> effects = new ArrayList<>();
  long now = 1_000_000_000;

  static Cid cid(int number) {
    return Cid.hash(Cid.RAW, new byte[] {(byte) number, (byte) (number >> 8)});
  }

  static List<Cid> cids(int count) {
    return IntStream.range(0, count).mapToObj(FetcherTest::cid).toList();
  }

  /// Steps the machine and returns what came out of this step.
  List<FetchEffect> step(FetchInput input) {
    List<FetchEffect> out = new ArrayList<>();
    fetcher.step(input, new Now(now, 0), out::add);
    effects.addAll(out);
    return out;
  }

  List<FetchEffect> tickAfter(long millis) {
    List<FetchEffect> out = new ArrayList<>();
    long until = now + millis * MS;
    while (now < until) {
      now += 100 * MS;
      fetcher.tick(new Now(now, 0), out::add);
    }
    effects.addAll(out);
    return out;
  }

  void join(PeerId peer) {
    step(new FetchInput.Joined(peer, MS, true));
  }

  void open() {
    step(new FetchInput.Open(1, ROOT, Set.of(), false));
  }

  List<FetchEffect> say(PeerId peer, Cid cid, boolean have) {
    return step(new FetchInput.Presences(peer, List.of(new Presence(cid, have))));
  }

  List<FetchEffect> arrive(PeerId peer, Cid cid) {
    step(new FetchInput.Heard(peer, MIB));
    return step(new FetchInput.Arrived(peer, Keys.of(cid), MIB, 0));
  }

  static List<Entry> told(List<FetchEffect> effects, PeerId peer) {
    List<Entry> entries = new ArrayList<>();
    for (FetchEffect effect : effects) {
      if (effect instanceof FetchEffect.Tell tell && tell.peer().equals(peer)) {
        entries.addAll(tell.entries());
      }
    }
    return entries;
  }

  static List<Cid> asked(List<FetchEffect> effects, PeerId peer) {
    return told(effects, peer).stream()
        .filter(e -> e.block() && !e.cancel())
        .map(Entry::cid)
        .toList();
  }

  static boolean has(List<FetchEffect> effects, FetchEffect effect) {
    return effects.contains(effect);
  }

  /// A session with peers that have the root.
  void begin(int blocks, PeerId... peers) {
    open();
    for (PeerId peer : peers) {
      join(peer);
      say(peer, ROOT, true);
    }
    effects.clear();
    step(new FetchInput.Want(1, cids(blocks)));
  }

  /// What a peer was asked for, and neither delivered nor was told to keep.
  List<Cid> owed(PeerId peer) {
    List<Cid> owed = new ArrayList<>();
    for (FetchEffect effect : effects) {
      if (effect instanceof FetchEffect.Tell tell && tell.peer().equals(peer)) {
        for (Entry entry : tell.entries()) {
          owed.remove(entry.cid());
          if (entry.block() && !entry.cancel()) {
            owed.add(entry.cid());
          }
        }
      } else if (effect instanceof FetchEffect.Delivered done) {
        owed.remove(done.cid());
      }
    }
    return owed;
  }
}
