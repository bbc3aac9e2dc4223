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
import java.util.List;
import java.util.OptionalInt;
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

  /// Makes what is missing; what is there stays, so that nodes that are added only follow.
  ///
  /// @param validators how many of the first nodes vote, when the chain is new
  ChainSpec prepare(Ports ports, int nodes, int validators) {
    try {
      Files.createDirectories(path);
      if (!Files.exists(spec())) {
        List<Path> voting = IntStream.range(0, validators).mapToObj(i -> node(i).path()).toList();
        ChainSpec made = new NewChain().create("testnet", path, voting, SILENCE_MILLIS);
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

  /// How many nodes of the folder vote; empty before it has a chain.
  OptionalInt existingValidators() {
    return Files.exists(spec())
        ? OptionalInt.of(NodeFolder.readSpec(spec()).engine().validators().size())
        : OptionalInt.empty();
  }

  private String config(Ports ports, int index, int nodes) {
    String others =
        IntStream.range(0, nodes)
            .filter(i -> i != index)
            .mapToObj(i -> "\"" + ports.peerAddress(i) + "\"")
            .collect(Collectors.joining(", "));
    return "listen = \"%s\"\nrpc_port = %d\npeer = [%s]\n"
            .formatted(ports.peerAddress(index), ports.rpc(index), others)
        + (NewChain.hasValidator(node(index).path()) ? NewChain.validatorSettings() : "");
  }
}
