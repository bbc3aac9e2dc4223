package dev.cairn.cli.testnet;

import dev.cairn.cli.CliException;
import dev.cairn.cli.node.NewChain;
import dev.cairn.core.Address;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.EngineParams;
import dev.cairn.core.chainspec.ExtensionParams;
import dev.cairn.core.chainspec.PowParams;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.multiformats.Hex;
import dev.cairn.node.NodeFolder;
import dev.cairn.node.keys.Keystore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A test network's folder: `chain.toml`, the funded account's key, and a folder for each node.
record TestnetFolder(Path path) {

  private static final long SILENCE_MILLIS = 10_000;

  /// Of a network that is mined: a block a second, and about one percent of a core for each node.
  private static final long MINED_INTERVAL_MILLIS = 1_000;

  private static final long MINED_HALF_LIFE_MILLIS = 120_000;
  private static final long MINED_LEAST_DIFFICULTY = 1_000;
  private static final long MINER_HASHES = 20_000;

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
  /// @param engine of the chain, when it is new
  /// @param validators how many of the first nodes vote, when the chain is new
  /// @param epochBlocks of an epoch, when the chain is new
  ChainSpec prepare(Ports ports, int nodes, String engine, int validators, long epochBlocks) {
    try {
      Files.createDirectories(path);
      if (!Files.exists(spec())) {
        Files.writeString(spec(), make(nodes, engine, validators, epochBlocks).toText());
      }
      ChainSpec chain = NodeFolder.readSpec(spec());
      for (int i = 0; i < nodes; i++) {
        node(i).init(chain);
        Files.writeString(node(i).config(), config(ports, i, nodes, chain.engine()));
      }
      return chain;
    } catch (IOException e) {
      throw CliException.failed("cannot write to " + path + ": " + NodeFolder.reason(e));
    }
  }

  private ChainSpec make(int nodes, String engine, int validators, long epochBlocks) {
    if (engine.equals(PowParams.NAME)) {
      long difficulty = MINER_HASHES * MINED_INTERVAL_MILLIS / 1_000 * nodes;
      PowParams params =
          new PowParams(
              MINED_INTERVAL_MILLIS,
              MINED_HALF_LIFE_MILLIS,
              difficulty,
              Math.min(difficulty, MINED_LEAST_DIFFICULTY),
              PowParams.FINALITY_DEPTH_DEFAULT);
      return new NewChain().createMined("testnet", path, params);
    }
    List<Path> voting = IntStream.range(0, validators).mapToObj(i -> node(i).path()).toList();
    return new NewChain().create("testnet", path, voting, SILENCE_MILLIS, epochBlocks);
  }

  /// The engine of the folder's chain; empty before it has one.
  Optional<String> existingEngine() {
    return Files.exists(spec())
        ? Optional.of(NodeFolder.readSpec(spec()).engine().name())
        : Optional.empty();
  }

  /// What makes a node of a mined chain a miner that leaves the machine to others.
  private String miningSettings(int index) {
    return "mine = true\nminer_account = \"%s\"\nminer_hashes = %d\n"
        .formatted(new NewChain().accountIn(node(index).path()), MINER_HASHES);
  }

  /// How many nodes of the folder vote; empty before it has a chain.
  OptionalInt existingValidators() {
    return Files.exists(spec())
        ? OptionalInt.of(NodeFolder.readSpec(spec()).engine().validators().size())
        : OptionalInt.empty();
  }

  private String config(Ports ports, int index, int nodes, EngineParams engine) {
    String others =
        IntStream.range(0, nodes)
            .filter(i -> i != index)
            .mapToObj(i -> "\"" + ports.peerAddress(i) + "\"")
            .collect(Collectors.joining(", "));
    return "listen = \"%s\"\nrpc_port = %d\npeer = [%s]\n"
            .formatted(ports.peerAddress(index), ports.rpc(index), others)
        + switch (engine) {
          case PowParams _ -> miningSettings(index);
          case SimplexParams _, ExtensionParams _ ->
              NewChain.hasValidator(node(index).path()) ? NewChain.validatorSettings() : "";
        };
  }
}
