package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;

/// One TCP connection.
final class TcpLink implements Link {

  private static final Logger LOG = System.getLogger(TcpLink.class.getName());

  private final Socket socket;
  private final InputStream input;
  private final OutputStream output;
  private final Multiaddr local;
  private final Multiaddr remote;

  /// @param socket connected
  TcpLink(Socket socket) throws IOException {
    this.socket = socket;
    this.input = socket.getInputStream();
    this.output = socket.getOutputStream();
    this.local = TcpTransport.toMultiaddr(socket.getLocalAddress(), socket.getLocalPort());
    this.remote = TcpTransport.toMultiaddr(socket.getInetAddress(), socket.getPort());
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public Multiaddr local() {
    return local;
  }

  @Override
  public Multiaddr remote() {
    return remote;
  }

  @Override
  public void readTimeout(Duration timeout) {
    try {
      socket.setSoTimeout(Math.clamp(timeout.toMillis(), 0, Integer.MAX_VALUE));
    } catch (SocketException e) {
      LOG.log(Level.DEBUG, "the link is closed already", e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a socket failed", e);
    }
  }
}
