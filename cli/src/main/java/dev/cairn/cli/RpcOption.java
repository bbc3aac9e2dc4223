package dev.cairn.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/// Which node to ask.
public final class RpcOption {

  @Option(
      names = "--rpc",
      paramLabel = "URL",
      description = "The node's RPC; else CAIRN_RPC, else http://127.0.0.1:4502.")
  private String url = "";

  public RpcClient client() {
    String chosen =
        Optional.of(url)
            .filter(s -> !s.isEmpty())
            .or(() -> Optional.ofNullable(System.getenv("CAIRN_RPC")).filter(s -> !s.isEmpty()))
            .orElse("http://127.0.0.1:4502");
    return new RpcClient(chosen);
  }
}
