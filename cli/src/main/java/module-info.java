import org.jspecify.annotations.NullMarked;

/// The operator's command.
@NullMarked
module dev.cairn.cli {
  requires static org.jspecify;
  requires dev.cairn.node;
  requires dev.cairn.simulator;
  requires info.picocli;
}
