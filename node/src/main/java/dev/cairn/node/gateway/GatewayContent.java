package dev.cairn.node.gateway;

import dev.cairn.files.block.BlockSource;
import dev.cairn.multiformats.Cid;

/// Where the gateway's blocks come from.
@FunctionalInterface
public interface GatewayContent {

  /// Blocks for one request, until it is closed.
  interface Session extends AutoCloseable {

    /// What is here and, with a network, what peers have, each block within a time limit.
    BlockSource blocks();

    /// Says that all of a DAG will be read, in order: where waiting is long, it is fetched ahead.
    default void expect(Cid dag) {}

    @Override
    void close();
  }

  /// @param network whether what is not here is fetched from peers
  Session open(boolean network);
}
