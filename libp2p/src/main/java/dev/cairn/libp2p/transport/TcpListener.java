package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;

/// A listening TCP socket.
final class TcpListener implements Listener {

  private final ServerSocket server;
  private final Multiaddr address;

  TcpListener(ServerSocket server) {
    this.server = server;
    this.address = TcpTransport.toMultiaddr(server.getInetAddress(), server.getLocalPort());
  }

  @Override
  public Multiaddr address() {
    return address;
  }

  @Override
  public Link accept() throws IOException {
    Socket socket = server.accept();
    try {
      socket.setTcpNoDelay(true);
      return new TcpLink(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
