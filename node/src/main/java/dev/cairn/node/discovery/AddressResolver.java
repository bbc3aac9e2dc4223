package dev.cairn.node.discovery;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Multiaddr.Component;
import dev.cairn.multiformats.Protocol;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Turns names in addresses into IPs: `/dns`, `/dns4` and `/dns6` hosts, and `/dnsaddr`, which
/// stands for every address in the TXT records of `_dnsaddr.HOST` (multiformats/multiaddr, "DNS").
/// A list may name further lists. Stateless.
final class AddressResolver {

  /// Lists inside lists.
  static final int DEPTH_MAX = 4;

  /// Addresses that one address may stand for.
  static final int ADDRESSES_MAX = 32;

  /// Look-ups for one address, those that find nothing included.
  static final int LOOK_UPS_MAX = 32;

  private static final String ENTRY = "dnsaddr=";
  private static final Logger LOG = System.getLogger(AddressResolver.class.getName());

  private final Dns dns;

  AddressResolver(Dns dns) {
    this.dns = dns;
  }

  /// Whether the address stands for a list of peers.
  static boolean isList(Multiaddr address) {
    return address.components().getFirst().protocol() == Protocol.DNSADDR;
  }

  /// The addresses with an IP that this one stands for: itself, when it has one already.
  ///
  /// @throws IOException when there are none
  List<Multiaddr> resolve(Multiaddr address) throws IOException {
    Search search = new Search();
    search.expand(address, 0);
    if (search.found.isEmpty()) {
      throw new IOException("no address for " + address);
    }
    return List.copyOf(search.found);
  }

  /// One resolution. One thread.
  private final class Search {
    private final Set<Multiaddr> found = new LinkedHashSet<>();
    private int lookUps;

    void expand(Multiaddr address, int depth) throws IOException {
      Component first = address.components().getFirst();
      switch (first.protocol()) {
        case DNSADDR -> list(first.value(), rest(address), depth);
        case DNS, DNS4, DNS6 -> host(first, rest(address));
        default -> add(address);
      }
    }

    private void add(Multiaddr address) {
      if (found.size() < ADDRESSES_MAX) {
        found.add(address);
      }
    }

    private boolean mayLookUp() {
      return found.size() < ADDRESSES_MAX && lookUps++ < LOOK_UPS_MAX;
    }

    private void list(String host, Optional<Multiaddr> suffix, int depth) throws IOException {
      if (depth >= DEPTH_MAX || !mayLookUp()) {
        return;
      }
      for (String text : dns.texts("_dnsaddr." + host)) {
        if (!text.startsWith(ENTRY)) {
          continue;
        }
        try {
          Multiaddr entry = Multiaddr.parse(text.substring(ENTRY.length()));
          if (suffix.isEmpty() || endsWith(entry, suffix.get())) {
            expand(entry, depth + 1);
          }
        } catch (MalformedException | IOException e) {
          // One bad entry does not spoil a list.
          LOG.log(Level.DEBUG, () -> "in the list of " + host + ": " + e.getMessage());
        }
      }
    }

    private void host(Component name, Optional<Multiaddr> rest) throws IOException {
      if (!mayLookUp()) {
        return;
      }
      for (InetAddress ip : dns.addresses(name.value())) {
        boolean v4 = ip instanceof Inet4Address;
        boolean wanted = name.protocol() != (v4 ? Protocol.DNS6 : Protocol.DNS4);
        if (wanted) {
          String text = ip.getHostAddress();
          int zone = text.indexOf('%');
          Multiaddr base =
              Multiaddr.parse(
                  (v4 ? "/ip4/" : "/ip6/") + (zone < 0 ? text : text.substring(0, zone)));
          add(rest.map(base::encapsulate).orElse(base));
        }
      }
    }
  }

  private static boolean endsWith(Multiaddr address, Multiaddr suffix) {
    List<Component> all = address.components();
    List<Component> end = suffix.components();
    return all.size() >= end.size() && all.subList(all.size() - end.size(), all.size()).equals(end);
  }

  /// What stands behind the first layer.
  private static Optional<Multiaddr> rest(Multiaddr address) {
    StringBuilder text = new StringBuilder();
    List<Component> all = address.components();
    all.subList(1, all.size()).forEach(text::append);
    return text.isEmpty() ? Optional.empty() : Optional.of(Multiaddr.parse(text.toString()));
  }
}
