package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;

/// A peer with where it is said to listen (without `/p2p`), and its key, computed once. Immutable.
public final class PeerAddresses {

  /// Addresses kept of one peer; further ones are left out.
  public static final int ADDRESSES_MAX = 8;

  private final PeerId peer;
  private final KadKey key;
  private final List<Multiaddr> addresses;

  /// The shortest reach of any of the addresses.
  private final Reach reach;

  private PeerAddresses(PeerId peer, KadKey key, List<Multiaddr> addresses) {
    this.peer = peer;
    this.key = key;
    this.addresses = addresses;
    this.reach = addresses.stream().map(Reach::of).min(Reach::compareTo).orElse(Reach.PUBLIC);
  }

  public static PeerAddresses of(PeerId peer, List<Multiaddr> addresses) {
    return new PeerAddresses(peer, KadKey.of(peer), limited(addresses));
  }

  private static List<Multiaddr> limited(List<Multiaddr> addresses) {
    return addresses.stream().distinct().limit(ADDRESSES_MAX).toList();
  }

  public PeerId peer() {
    return peer;
  }

  public KadKey key() {
    return key;
  }

  public List<Multiaddr> addresses() {
    return addresses;
  }

  /// The same peer at other addresses.
  PeerAddresses at(List<Multiaddr> others) {
    return others.equals(addresses) ? this : new PeerAddresses(peer, key, limited(others));
  }

  /// The same peer with those addresses that mean something from so far away.
  PeerAddresses from(Reach distance) {
    return reach.compareTo(distance) >= 0
        ? this
        : at(addresses.stream().filter(a -> Reach.of(a).compareTo(distance) >= 0).toList());
  }

  /// The same peer with as many of its first addresses as fit so many bytes.
  PeerAddresses within(int bytes) {
    int left = bytes;
    List<Multiaddr> kept = new ArrayList<>();
    for (Multiaddr address : addresses) {
      int length = address.encode().length;
      if (length <= left) {
        kept.add(address);
        left -= length;
      }
    }
    return at(kept);
  }

  /// The same peer with some addresses that another one told: neither may crowd out the other's.
  PeerAddresses mixedWith(List<Multiaddr> told) {
    if (addresses.containsAll(told)) {
      return this;
    }
    List<Multiaddr> fresh = told.stream().filter(a -> !addresses.contains(a)).toList();
    int room = Math.max(ADDRESSES_MAX / 2, ADDRESSES_MAX - fresh.size());
    List<Multiaddr> all = new ArrayList<>(addresses.stream().limit(room).toList());
    all.addAll(fresh);
    return at(all);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PeerAddresses that
        && peer.equals(that.peer)
        && addresses.equals(that.addresses);
  }

  @Override
  public int hashCode() {
    return peer.hashCode();
  }

  @Override
  public String toString() {
    return peer + " " + addresses;
  }
}
