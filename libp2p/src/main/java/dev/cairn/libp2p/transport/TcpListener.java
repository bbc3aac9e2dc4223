package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// A listening TCP socket.
final class TcpListener implements Listener {

  private final ServerSocketChannel server;
  private final Multiaddr address;

  TcpListener(ServerSocketChannel server) {
    this.server = server;
    ServerSocket socket = server.socket();
    this.address = TcpTransport.toMultiaddr(socket.getInetAddress(), socket.getLocalPort());
  }

  @Override
  public Multiaddr address() {
    return address;
  }

  @Override
  public Link accept() throws IOException {
    SocketChannel channel = server.accept();
    try {
      return new TcpLink(channel);
    } catch (IOException e) {
      channel.close();
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
