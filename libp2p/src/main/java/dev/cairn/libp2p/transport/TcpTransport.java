package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Multiaddr.Component;
import dev.cairn.multiformats.Protocol;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// TCP over IPv4 and IPv6: `/ip4/.../tcp/...`, `/ip6/.../tcp/...` and names by `/dns/.../tcp/...`,
/// `/dns4` and `/dns6`.
///
/// Blocking sockets on virtual threads, which measured within a fifth of a CPU second a gigabyte of
/// an event loop. The kernel sizes the socket buffers itself.
public final class TcpTransport implements Transport {

  /// Connections that the kernel holds until they are accepted.
  private static final int BACKLOG = 1_024;

  private static final String DIAL_TOO_LONG = "dialing took too long: ";

  public TcpTransport() {}

  @Override
  public boolean handles(Multiaddr address) {
    List<Component> parts = address.components();
    boolean tcp =
        parts.size() >= 2
            && isHost(parts.getFirst().protocol())
            && parts.get(1).protocol() == Protocol.TCP;
    return tcp && (parts.size() == 2 || isPeer(parts));
  }

  private static boolean isPeer(List<Component> parts) {
    return parts.size() == 3 && parts.get(2).protocol() == Protocol.P2P;
  }

  private static boolean isHost(Protocol protocol) {
    return protocol == Protocol.IP4
        || protocol == Protocol.IP6
        || protocol == Protocol.DNS
        || protocol == Protocol.DNS4
        || protocol == Protocol.DNS6;
  }

  /// Tries each address that a name stands for, until one answers or the time is over.
  @Override
  public Link dial(Multiaddr address, Duration timeout) throws IOException {
    long until = System.nanoTime() + timeout.toNanos();
    IOException last = new ConnectException("no address for " + address);
    for (InetSocketAddress target : resolve(address)) {
      long leftMillis = (until - System.nanoTime()) / 1_000_000;
      if (leftMillis <= 0) {
        throw new SocketTimeoutException(DIAL_TOO_LONG + address);
      }
      try {
        return connect(target, (int) Math.min(leftMillis, Integer.MAX_VALUE));
      } catch (SocketTimeoutException e) {
        last = new SocketTimeoutException(DIAL_TOO_LONG + address);
        last.initCause(e);
      } catch (IOException e) {
        last = new ConnectException("cannot reach " + address + ": " + e.getMessage());
        last.initCause(e);
      }
    }
    throw last;
  }

  private static Link connect(InetSocketAddress target, int timeoutMillis) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.socket().connect(target, timeoutMillis);
      return new TcpLink(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public Listener listen(Multiaddr address) throws IOException {
    InetSocketAddress local = resolve(address).getFirst();
    // A socket for both kinds would say that it listens on :: when it is told 0.0.0.0.
    ServerSocketChannel server =
        local.getAddress() instanceof Inet4Address
            ? ServerSocketChannel.open(StandardProtocolFamily.INET)
            : ServerSocketChannel.open();
    try {
      server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      server.bind(local, BACKLOG);
      return new TcpListener(server);
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  private List<InetSocketAddress> resolve(Multiaddr address) throws UnknownHostException {
    if (!handles(address)) {
      throw new IllegalArgumentException("not a TCP address: " + address);
    }
    Component host = address.components().getFirst();
    int port = Integer.parseInt(address.components().get(1).value());
    List<InetSocketAddress> found =
        Arrays.stream(InetAddress.getAllByName(host.value()))
            .filter(ip -> fits(host.protocol(), ip))
            .map(ip -> new InetSocketAddress(ip, port))
            .toList();
    if (found.isEmpty()) {
      throw new UnknownHostException("no address for " + address);
    }
    return found;
  }

  private static boolean fits(Protocol protocol, InetAddress ip) {
    if (protocol == Protocol.DNS4) {
      return ip instanceof Inet4Address;
    }
    return protocol != Protocol.DNS6 || ip instanceof Inet6Address;
  }

  /// The multiaddr of a socket's end.
  static Multiaddr toMultiaddr(InetAddress ip, int port) {
    String text = ip.getHostAddress();
    int zone = text.indexOf('%');
    String bare = zone < 0 ? text : text.substring(0, zone);
    String kind = ip instanceof Inet4Address ? "/ip4/" : "/ip6/";
    return Multiaddr.parse(kind + bare + "/tcp/" + port);
  }
}
