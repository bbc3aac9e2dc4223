package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// One TCP connection.
final class TcpLink implements Link {

  private static final Logger LOG = System.getLogger(TcpLink.class.getName());

  private final SocketChannel channel;
  private final Socket socket;
  private final InputStream input;
  private final OutputStream output;
  private final Multiaddr local;
  private final Multiaddr remote;

  /// @param channel connected, and blocking
  TcpLink(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.socket = channel.socket();
    socket.setTcpNoDelay(true);
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
  public int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      channel.write(source);
    }
  }

  @Override
  public int available() throws IOException {
    return input.available();
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
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "closing a socket failed", e);
    }
  }
}
