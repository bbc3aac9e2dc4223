import org.jspecify.annotations.NullMarked;

/// The operator's command.
@NullMarked
module dev.cairn.cli {
  requires static org.jspecify;
  requires dev.cairn.node;
  requires dev.cairn.simulator;
  requires info.picocli;
  requires java.logging;

  opens dev.cairn.cli to
      info.picocli;
  opens dev.cairn.cli.files to
      info.picocli;
  opens dev.cairn.cli.keys to
      info.picocli;
  opens dev.cairn.cli.node to
      info.picocli;
  opens dev.cairn.cli.net to
      info.picocli;
  opens dev.cairn.cli.chain to
      info.picocli;
  opens dev.cairn.cli.simulate to
      info.picocli;
  opens dev.cairn.cli.testnet to
      info.picocli;
}
