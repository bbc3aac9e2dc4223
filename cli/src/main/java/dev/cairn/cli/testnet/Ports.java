package dev.cairn.cli.testnet;

import dev.cairn.cli.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Which ports the nodes of a test network use: node i has base+2i for peers and base+2i+1 for RPC.
record Ports(int base) {

  private static final int PORT_MAX = 65_535;

  int peer(int index) {
    return base + 2 * index;
  }

  int rpc(int index) {
    return base + 2 * index + 1;
  }

  String peerAddress(int index) {
    return "/ip4/127.0.0.1/tcp/" + peer(index);
  }

  String rpcUrl(int index) {
    return "http://127.0.0.1:" + rpc(index);
  }

  /// Fails with a clear sentence when a port is out of range or taken.
  void check(int nodes) {
    if (base < 1 || rpc(nodes - 1) > PORT_MAX) {
      throw CliException.usage(
          "--base-port must leave room for " + 2 * nodes + " ports up to 65535");
    }
    for (int port = base; port <= rpc(nodes - 1); port++) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      } catch (IOException e) {
        throw CliException.failed(
            "port "
                + port
                + " on 127.0.0.1 is in use; stop what uses it or choose another --base-port");
      }
    }
  }
}
