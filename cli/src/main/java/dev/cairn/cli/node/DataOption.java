package dev.cairn.cli.node;

import dev.cairn.cli.Home;
import dev.cairn.node.NodeFolder;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Which folder the node lives in.
public final class DataOption {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The node's folder; else CAIRN_DATA, else ~/.cairn/node.")
  private String data = "";

  /// The folder, and `fallback` when nobody named one.
  NodeFolder folder(Path fallback) {
    return new NodeFolder(named().map(Path::of).orElse(fallback).toAbsolutePath().normalize());
  }

  /// The folder, `~/.cairn/node` when nobody named one.
  public NodeFolder folder() {
    return folder(Home.node());
  }

  private Optional<String> named() {
    return Optional.of(data)
        .filter(s -> !s.isEmpty())
        .or(() -> Optional.ofNullable(System.getenv("CAIRN_DATA")).filter(s -> !s.isEmpty()));
  }
}
