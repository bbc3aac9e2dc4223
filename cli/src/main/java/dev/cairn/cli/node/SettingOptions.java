package dev.cairn.cli.node;

import dev.cairn.node.NodeFolder;
import dev.cairn.node.config.ConfigFile;
import dev.cairn.node.config.Setting;
import dev.cairn.node.config.Settings;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/// The settings as flags; each stands above the environment and `config.toml`.
public final class SettingOptions {

  @Option(names = "--port", paramLabel = "P", description = "TCP port for peers (default 4501).")
  private String port = "";

  @Option(names = "--rpc-port", paramLabel = "Q", description = "TCP port for RPC (default 4502).")
  private String rpcPort = "";

  @Option(
      names = "--rpc-host",
      paramLabel = "HOST",
      description = "Address for RPC (default 127.0.0.1).")
  private String rpcHost = "";

  @Option(
      names = "--listen",
      paramLabel = "MULTIADDR",
      description = "Listen there instead of at every address; may be given more than once.")
  private List<String> listen = List.of();

  @Option(
      names = "--peer",
      paramLabel = "MULTIADDR",
      description = "Stay connected to this peer; may be given more than once.")
  private List<String> peers = List.of();

  @Option(names = "--mdns", paramLabel = "BOOL", description = "Find peers by mDNS (default true).")
  private String mdns = "";

  @Option(
      names = "--dht",
      paramLabel = "PART",
      description = "Part in the DHT: auto, server, client or off (default auto).")
  private String dht = "";

  @Option(
      names = "--dns",
      paramLabel = "IP[:PORT]",
      description = "DNS server for names of peers (default: the system's).")
  private String dns = "";

  @Option(names = "--mine", description = "Mine blocks; the chain's engine must be pow.")
  private boolean mine;

  @Option(
      names = "--miner-account",
      paramLabel = "ADDRESS",
      description = "Who is paid the fees of the blocks that this node mines.")
  private String minerAccount = "";

  @Option(
      names = "--miner-threads",
      paramLabel = "N",
      description = "Threads that mine (default 1).")
  private String minerThreads = "";

  @Option(
      names = "--log",
      paramLabel = "LEVEL",
      description = "error, warn, info, debug or trace (default info).")
  private String log = "";

  Settings read(NodeFolder folder) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    put(flags, Setting.PORT, port);
    put(flags, Setting.RPC_PORT, rpcPort);
    put(flags, Setting.RPC_HOST, rpcHost);
    put(flags, Setting.LISTEN, String.join(",", listen));
    put(flags, Setting.PEER, String.join(",", peers));
    put(flags, Setting.MDNS, mdns);
    put(flags, Setting.DHT, dht);
    put(flags, Setting.DNS, dns);
    put(flags, Setting.MINE, mine ? "true" : "");
    put(flags, Setting.MINER_ACCOUNT, minerAccount);
    put(flags, Setting.MINER_THREADS, minerThreads);
    put(flags, Setting.LOG, log);
    return Settings.of(
        ConfigFile.read(folder.config()), folder.config().toString(), System.getenv(), flags);
  }

  private static void put(Map<Setting, String> flags, Setting setting, String value) {
    if (!value.isEmpty()) {
      flags.put(setting, value);
    }
  }
}
