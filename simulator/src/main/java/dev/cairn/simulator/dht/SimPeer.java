package dev.cairn.simulator.dht;

import dev.cairn.libp2p.kad.KadEffect;
import dev.cairn.libp2p.kad.KadMachine;
import dev.cairn.libp2p.kad.PeerAddresses;
import dev.cairn.multiformats.Multiaddr;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One simulated node. Owner: its [DhtWorld].
final class SimPeer {

  enum Kind {
    SERVER,
    /// Cannot be dialled, and thinks that it serves.
    HIDDEN,
    /// Cannot be dialled, and knows it.
    CLIENT,
    ATTACKER
  }

  final int index;
  final Kind kind;
  final PeerAddresses self;
  final Optional<Multiaddr> address;

  /// Where it is on a map whose sides a message crosses in a tenth of a second.
  final double x;

  final double y;

  /// Its machine while it is up; an attacker has none.
  @Nullable KadMachine machine;

  /// Counts its lives: what was meant for an earlier one does not arrive.
  int life;

  /// Who has connected to it in this life.
  final BitSet met = new BitSet();

  /// Whom a node that cannot be dialled has dialled, and when.
  final Map<Integer, Long> dialledNanos = new LinkedHashMap<>();

  /// When its next tick is scheduled.
  long tickNanos = Long.MAX_VALUE;

  final Map<Long, Consumer<KadEffect.Done>> waiting = new LinkedHashMap<>();
  final Map<Long, Consumer<PeerAddresses>> finding = new LinkedHashMap<>();

  SimPeer(int index, Kind kind, PeerAddresses self, double x, double y) {
    this.index = index;
    this.kind = kind;
    this.self = self;
    this.address = Optional.of(self.addresses().getFirst());
    this.x = x;
    this.y = y;
  }

  boolean up() {
    return machine != null || kind == Kind.ATTACKER;
  }

  boolean reachable() {
    return kind == Kind.SERVER || kind == Kind.ATTACKER;
  }
}
