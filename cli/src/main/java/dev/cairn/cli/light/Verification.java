package dev.cairn.cli.light;

import dev.cairn.cli.CliException;
import dev.cairn.cli.RpcClient;
import dev.cairn.cli.node.DataOption;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.light.Checkpoint;
import dev.cairn.node.NodeFolder;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Whether the node's answer must prove itself, and what is trusted beforehand.
public final class Verification {

  private static final long AGE_SECONDS_MAX = 1_000_000_000;

  @Option(
      names = "--verify",
      description = "Trust the chain spec alone: refuse an answer that does not prove itself.")
  private boolean wanted;

  @Option(
      names = "--chain",
      paramLabel = "SPEC",
      description = "With --verify: the chain spec file; else that of the node's folder.")
  private Path chain = Path.of("");

  @Option(
      names = "--checkpoint",
      paramLabel = "HEIGHT:CID",
      description = "With --verify: a final block to trust in place of the genesis block.")
  private String checkpoint = "";

  @Option(
      names = "--max-age",
      paramLabel = "SECONDS",
      description = "With --verify: refuse what was final so long ago that it may be outdated.")
  private long maxAgeSeconds = -1;

  @Mixin private DataOption data = new DataOption();

  /// Whether `--verify` was given.
  public boolean wanted() {
    boolean more = !chain.toString().isEmpty() || !checkpoint.isEmpty() || maxAgeSeconds != -1;
    if (more && !wanted) {
      throw CliException.usage("--chain, --checkpoint and --max-age say how to --verify; add that");
    }
    return wanted;
  }

  /// The node behind `client`, believed only as far as its answers prove themselves.
  public VerifiedNode over(RpcClient client) {
    if (maxAgeSeconds < -1 || maxAgeSeconds > AGE_SECONDS_MAX) {
      throw CliException.usage("--max-age takes 0 to 1000000000 seconds, not " + maxAgeSeconds);
    }
    Optional<Checkpoint> trusted =
        checkpoint.isEmpty() ? Optional.empty() : Optional.of(Checkpoint.parse(checkpoint));
    Optional<Long> maxAgeMillis =
        maxAgeSeconds < 0 ? Optional.empty() : Optional.of(maxAgeSeconds * 1_000);
    return new VerifiedNode(client, spec(), trusted, maxAgeMillis);
  }

  private ChainSpec spec() {
    if (!chain.toString().isEmpty()) {
      return NodeFolder.readSpec(chain);
    }
    NodeFolder folder = data.folder();
    if (!folder.hasChain()) {
      throw CliException.usage(
          "--verify needs the chain's spec: name the file with --chain, or a node's folder with"
              + " --data");
    }
    return folder.readSpec();
  }
}
