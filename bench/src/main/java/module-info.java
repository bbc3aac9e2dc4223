import org.jspecify.annotations.NullMarked;

/// Measurements side by side with other systems.
@NullMarked
module dev.cairn.bench {
  requires static org.jspecify;
  requires dev.cairn.files;
  requires dev.cairn.libp2p;
  requires dev.cairn.node;
  requires dev.cairn.simulator;
  requires java.management;
  requires java.net.http;
}
