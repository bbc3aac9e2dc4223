package dev.cairn.node.config;

import dev.cairn.core.Address;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.node.chain.Miner;
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
        addresses(settings, Setting.ANNOUNCE),
        addresses(settings, Setting.PEER),
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
