package dev.cairn.node.config;

import java.util.Locale;
import java.util.Optional;

/// Everything that can be set for a node, each with its name in `config.toml`. The environment says
/// `CAIRN_` and the name in capitals, the command line `--` and the name with hyphens.
public enum Setting {
  PORT("4501", "TCP port for peers, 0 to 65535 (0: any that is free)"),
  LISTEN("", "multiaddrs to listen on, separated by commas; instead of every address at 'port'"),
  ANNOUNCE("", "multiaddrs to tell others instead of those listened on"),
  PEER(
      "",
      "multiaddrs of peers to stay connected to, by IP, /dns or a list by /dnsaddr, separated by commas"),
  MDNS("true", "find peers on the local network by mDNS: true or false"),
  PEER_EXCHANGE("true", "ask peers who else there is, and answer them: true or false"),
  DNS("", "DNS server for names of peers, as 192.0.2.1 or 192.0.2.1:53; else the system's"),
  PEERS_OUTBOUND(
      "8", "peers that this node dials of its own choice, 1 to 64; at most half of peers_max"),
  DHT("auto", "part in the DHT: server, client, off, or auto (a server where others can dial it)"),
  DHT_PUBLIC("false", "look for files in the public DHT of IPFS too, as a client: true or false"),
  RPC_HOST("127.0.0.1", "address for RPC"),
  RPC_PORT("4502", "TCP port for RPC, 0 to 65535 (0: any that is free)"),
  RPC_HOSTS("", "host names by which the RPC may be called, beside the loopback ones"),
  RPC_ORIGINS("", "web origins that may call the RPC"),
  FILES_QUOTA("50 GiB", "what blocks of files may take on this disk, such as 500 MB or 1 TiB"),
  FILES_IN_PLACE("", "folders whose files may be added without a copy, separated by commas"),
  INBOX_ACCEPT(
      "ask",
      "files that peers send: ask (but take those of inbox_allow), allowed (those alone), all or"
          + " none"),
  INBOX_ALLOW("", "ids of peers whose files are taken without asking, separated by commas"),
  INBOX_SIZE_MAX("10 GiB", "the largest file that is taken from a peer"),
  INBOX_QUOTA("50 GiB", "what all files in the inbox may take together"),
  PEERS_MAX("128", "connections at most, 1 to 4096"),
  VALIDATOR_KEY("", "keystore file of the validator's key; empty for a node that only follows"),
  VALIDATOR_PASSWORD_FILE("", "file with the passphrase of the validator's key"),
  MINE("false", "mine blocks of a proof-of-work chain: true or false"),
  MINER_ACCOUNT("", "address that is paid the fees of the blocks that this node mines"),
  MINER_THREADS("1", "threads that mine, 1 to 1024"),
  MINER_HASHES("0", "hashes a second at most, of all threads (0: no limit)"),
  LOG("info", "what to log: error, warn, info, debug or trace");

  private final String fallback;
  private final String help;

  Setting(String fallback, String help) {
    this.fallback = fallback;
    this.help = help;
  }

  /// The name in `config.toml`: lower case with underscores.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String environment() {
    return "CAIRN_" + name();
  }

  public String flag() {
    return "--" + key().replace('_', '-');
  }

  public String fallback() {
    return fallback;
  }

  public String help() {
    return help;
  }

  static Optional<Setting> byKey(String key) {
    for (Setting setting : values()) {
      if (setting.key().equals(key)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
