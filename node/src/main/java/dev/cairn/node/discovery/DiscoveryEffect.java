package dev.cairn.node.discovery;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Multiaddr;
import java.util.List;

/// What the discovery machine asks for.
public sealed interface DiscoveryEffect {

  /// Dial a peer; the answer is [DiscoveryInput.Up] or [DiscoveryInput.DialFailed].
  record Dial(PeerId peer, List<Multiaddr> addresses) implements DiscoveryEffect {
    public Dial {
      addresses = List.copyOf(addresses);
    }
  }

  /// Dial the address at this place of the operator's list, or resolve it where it is a list.
  record DialNamed(int index) implements DiscoveryEffect {}

  /// Close a peer's connection.
  record Disconnect(PeerId peer, String reason) implements DiscoveryEffect {}

  /// Keep a peer's connection when others must go.
  record Protect(PeerId peer) implements DiscoveryEffect {}

  /// Undo [Protect].
  record Unprotect(PeerId peer) implements DiscoveryEffect {}

  /// Ask a connected peer whom it knows.
  record Ask(PeerId peer) implements DiscoveryEffect {}

  /// Look around in the DHT, where there is one.
  record Walk() implements DiscoveryEffect {}

  /// Write [Discovery#saved] to disk.
  record Save() implements DiscoveryEffect {}

  /// [Discovery#view] has changed.
  record Changed() implements DiscoveryEffect {}
}
