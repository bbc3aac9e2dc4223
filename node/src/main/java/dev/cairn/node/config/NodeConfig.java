package dev.cairn.node.config;

import dev.cairn.core.Address;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import dev.cairn.node.chain.Miner;
import dev.cairn.node.discovery.DiscoveryParams;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a node needs to know to start, checked.
///
/// @param dataDir the node's folder
/// @param listen addresses for peers; port 0 takes any that is free
/// @param announce told to others instead of what is listened on, unless empty
/// @param bootstrap peers to stay connected to
/// @param network how others are found
/// @param files what files of this node and of others may take here
/// @param validator the key to vote with; empty for a node that follows
/// @param miner empty for a node that does not mine
public record NodeConfig(
    Path dataDir,
    List<Multiaddr> listen,
    List<Multiaddr> announce,
    List<Multiaddr> bootstrap,
    boolean mdns,
    NetworkConfig network,
    String rpcHost,
    int rpcPort,
    List<String> rpcHosts,
    List<String> rpcOrigins,
    FilesConfig files,
    int peersMax,
    Optional<ValidatorKey> validator,
    Optional<Mining> miner) {

  /// Addresses to announce: as many as others keep of one peer.
  private static final int ANNOUNCE_MAX = DiscoveryParams.ADDRESSES_MAX;

  private static final int PORT_MAX = 65_535;

  /// Where a validator's key lies.
  public record ValidatorKey(Path file, Path passwordFile) {}

  /// How a node mines.
  ///
  /// @param account who is paid the fees of its blocks
  public record Mining(Address account, Miner.Params params) {}

  /// @throws ConfigException when a setting has a value that cannot be used
  public static NodeConfig of(Path dataDir, Settings settings) {
    List<Multiaddr> listen = addresses(settings, Setting.LISTEN);
    int port = settings.number(Setting.PORT, 0, PORT_MAX);
    if (listen.isEmpty()) {
      listen = List.of(Multiaddr.parse("/ip4/0.0.0.0/tcp/" + port));
    }
    return new NodeConfig(
        dataDir,
        listen,
        announce(settings),
        named(settings),
        settings.flag(Setting.MDNS),
        NetworkConfig.of(settings),
        settings.text(Setting.RPC_HOST),
        settings.number(Setting.RPC_PORT, 0, PORT_MAX),
        settings.list(Setting.RPC_HOSTS),
        settings.list(Setting.RPC_ORIGINS),
        FilesConfig.of(dataDir, settings),
        settings.number(Setting.PEERS_MAX, 1, 4_096),
        validator(dataDir, settings),
        miner(settings));
  }

  private static Optional<Mining> miner(Settings settings) {
    if (!settings.flag(Setting.MINE)) {
      return Optional.empty();
    }
    String account = settings.text(Setting.MINER_ACCOUNT);
    if (account.isEmpty()) {
      throw settings.fault(
          Setting.MINE, "needs " + Setting.MINER_ACCOUNT.key() + " beside it, who is paid");
    }
    try {
      return Optional.of(
          new Mining(
              Address.parse(account),
              new Miner.Params(
                  settings.number(Setting.MINER_THREADS, 1, 1_024),
                  settings.number(Setting.MINER_HASHES, 0, Integer.MAX_VALUE))));
    } catch (MalformedException e) {
      throw settings.fault(Setting.MINER_ACCOUNT, "is not an address: " + e.getMessage());
    }
  }

  private static Optional<ValidatorKey> validator(Path dataDir, Settings settings) {
    String file = settings.text(Setting.VALIDATOR_KEY);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    String password = settings.text(Setting.VALIDATOR_PASSWORD_FILE);
    if (password.isEmpty()) {
      throw settings.fault(
          Setting.VALIDATOR_KEY, "needs " + Setting.VALIDATOR_PASSWORD_FILE.key() + " beside it");
    }
    return Optional.of(new ValidatorKey(dataDir.resolve(file), dataDir.resolve(password)));
  }

  /// What to tell others, each without `/p2p`.
  private static List<Multiaddr> announce(Settings settings) {
    List<Multiaddr> addresses = new ArrayList<>();
    for (Multiaddr address : addresses(settings, Setting.ANNOUNCE)) {
      Optional<String> ip = address.value(Protocol.IP4).or(() -> address.value(Protocol.IP6));
      if (ip.isPresent() && InetAddress.ofLiteral(ip.get()).isAnyLocalAddress()) {
        throw settings.fault(
            Setting.ANNOUNCE, "holds " + address + ", which nobody can dial: name one address");
      }
      addresses.add(address.decapsulate(Protocol.P2P).orElse(address));
    }
    if (addresses.size() > ANNOUNCE_MAX) {
      throw settings.fault(Setting.ANNOUNCE, "must hold at most " + ANNOUNCE_MAX + " addresses");
    }
    return List.copyOf(addresses);
  }

  private static List<Multiaddr> named(Settings settings) {
    List<Multiaddr> named = addresses(settings, Setting.PEER);
    if (named.size() > DiscoveryParams.NAMED_MAX) {
      throw settings.fault(
          Setting.PEER, "must hold at most " + DiscoveryParams.NAMED_MAX + " addresses");
    }
    return named;
  }

  private static List<Multiaddr> addresses(Settings settings, Setting setting) {
    List<Multiaddr> addresses = new ArrayList<>();
    for (String text : settings.list(setting)) {
      try {
        addresses.add(Multiaddr.parse(text));
      } catch (MalformedException e) {
        throw settings.fault(
            setting, "holds '" + text + "', which is no multiaddr: " + e.getMessage());
      }
    }
    return List.copyOf(addresses);
  }
}
