package dev.cairn.cli.testnet;

import dev.cairn.cli.CliException;
import dev.cairn.cli.node.NewChain;
import dev.cairn.core.Address;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.NodeFolder;
import dev.cairn.node.keys.Keystore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A test network's folder: `chain.toml`, the funded account's key, and a folder for each node.
record TestnetFolder(Path path) {

  private static final long SILENCE_MILLIS = 10_000;

  Path spec() {
    return path.resolve("chain.toml");
  }

  Path account() {
    return path.resolve(NewChain.ACCOUNT);
  }

  Path accountPassword() {
    return path.resolve(NewChain.ACCOUNT_PASSWORD);
  }

  NodeFolder node(int index) {
    return new NodeFolder(path.resolve("node" + index));
  }

  Address accountAddress() {
    return Address.of(Hex.decode(Keystore.read(account()).publicKey()));
  }

  /// How many nodes the folder has already.
  int existingNodes() {
    int count = 0;
    while (Files.isDirectory(node(count).path())) {
      count++;
    }
    return count;
  }

  /// Makes what is missing; what is there stays.
  ChainSpec prepare(Ports ports, int nodes) {
    try {
      Files.createDirectories(path);
      if (!Files.exists(spec())) {
        ChainSpec made = new NewChain().create("testnet", path, node(0).path(), SILENCE_MILLIS);
        Files.writeString(spec(), made.toText());
      }
      ChainSpec chain = NodeFolder.readSpec(spec());
      for (int i = 0; i < nodes; i++) {
        node(i).init(chain);
        Files.writeString(node(i).config(), config(ports, i, nodes));
      }
      return chain;
    } catch (IOException e) {
      throw CliException.failed("cannot write to " + path + ": " + NodeFolder.reason(e));
    }
  }

  private static String config(Ports ports, int index, int nodes) {
    String others =
        IntStream.range(0, nodes)
            .filter(i -> i != index)
            .mapToObj(i -> "\"" + ports.peerAddress(i) + "\"")
            .collect(Collectors.joining(", "));
    return "listen = \"%s\"\nrpc_port = %d\npeer = [%s]\n"
            .formatted(ports.peerAddress(index), ports.rpc(index), others)
        + (index == 0 ? NewChain.validatorSettings() : "");
  }
}
