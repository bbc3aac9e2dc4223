package dev.cairn.node.discovery;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Dials what the operator has named. Stateless; everything blocks.
final class NamedDialer {

  private static final Logger LOG = System.getLogger(NamedDialer.class.getName());

  private final Host host;
  private final List<Multiaddr> named;
  private final AddressResolver resolver;

  NamedDialer(Host host, List<Multiaddr> named, AddressResolver resolver) {
    this.host = host;
    this.named = List.copyOf(named);
    this.resolver = resolver;
  }

  /// Dials, or reads a list, and tells the machine what came of it.
  void dial(int index, Consumer<DiscoveryInput> submit) {
    Multiaddr address = named.get(index);
    try {
      if (AddressResolver.isList(address)) {
        List<Told> peers = peers(resolver.resolve(address));
        submit.accept(new DiscoveryInput.Found(Source.NAMED, Optional.empty(), peers));
        submit.accept(new DiscoveryInput.NamedList(index));
      } else {
        submit.accept(new DiscoveryInput.NamedUp(index, connect(resolver.resolve(address))));
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, () -> "peer " + address + ": " + e.getMessage());
      submit.accept(new DiscoveryInput.NamedFailed(index));
    } catch (RuntimeException e) {
      // Whatever it was, a peer whose dial has no end is never dialled again.
      LOG.log(Level.WARNING, "peer " + address, e);
      submit.accept(new DiscoveryInput.NamedFailed(index));
    }
  }

  /// Whoever answers first; they are all one peer's.
  private PeerId connect(List<Multiaddr> addresses) throws IOException {
    IOException failure = new IOException("no address");
    for (Multiaddr address : addresses) {
      try {
        return host.connect(address);
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  /// The peers of a list. An entry that names no peer cannot be told from another of its kind.
  private static List<Told> peers(List<Multiaddr> addresses) {
    Map<PeerId, List<Multiaddr>> peers = new LinkedHashMap<>();
    for (Multiaddr address : addresses) {
      Optional<String> peer = address.value(Protocol.P2P);
      Optional<Multiaddr> bare = address.decapsulate(Protocol.P2P);
      if (peer.isPresent() && bare.isPresent()) {
        try {
          peers.computeIfAbsent(PeerId.parse(peer.get()), p -> new ArrayList<>()).add(bare.get());
        } catch (MalformedException e) {
          LOG.log(Level.DEBUG, () -> address + ": " + e.getMessage());
        }
      }
    }
    return peers.entrySet().stream().map(e -> Told.unsigned(e.getKey(), e.getValue())).toList();
  }
}
