package dev.cairn.libp2p.mdns;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// The multicast group of mDNS on every interface of this computer that is up, loopback included:
/// that is how nodes that listen on 127.0.0.1 only find each other. Linux delivers multicast on its
/// loopback interface although that does not carry the flag MULTICAST, so the flag is not asked for
/// there.
///
/// The port is shared with other processes (SO_REUSEADDR and SO_REUSEPORT); each of them gets a
/// copy of every datagram. One thread receives; senders are kept apart by a lock because the
/// outgoing interface is a setting of the socket.
final class MulticastLink implements AutoCloseable {

  static final InetSocketAddress GROUP = new InetSocketAddress(group(), 5353);

  private final ReentrantLock lock = new ReentrantLock();
  private final MulticastSocket socket;
  private final InetSocketAddress target;
  private final Map<String, NetworkInterface> joined = new LinkedHashMap<>();

  private static InetAddress group() {
    return InetAddress.ofLiteral("224.0.0.251");
  }

  /// @param target the group and its port; another port than 5353 for tests
  @SuppressWarnings("AddressSelection") // a literal, not a name
  MulticastLink(InetSocketAddress target) throws IOException {
    this.target = target;
    socket = new MulticastSocket(null);
    try {
      socket.setReuseAddress(true);
      if (socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
        socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      socket.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
      socket.setTimeToLive(255);
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("0.0.0.0"), target.getPort()));
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /// Joins the group on interfaces that are new, and returns all that are joined and still up.
  List<NetworkInterface> interfaces() throws IOException {
    lock.lock();
    try (Stream<NetworkInterface> all = NetworkInterface.networkInterfaces()) {
      List<NetworkInterface> up = new ArrayList<>();
      for (NetworkInterface network : all.toList()) {
        if (usable(network) && join(network)) {
          up.add(network);
        }
      }
      joined.keySet().removeIf(name -> up.stream().noneMatch(n -> n.getName().equals(name)));
      return up;
    } finally {
      lock.unlock();
    }
  }

  private static boolean usable(NetworkInterface network) throws IOException {
    return network.isUp()
        && (network.supportsMulticast() || network.isLoopback())
        && network.inetAddresses().anyMatch(Inet4Address.class::isInstance);
  }

  private boolean join(NetworkInterface network) {
    if (joined.containsKey(network.getName())) {
      return true;
    }
    try {
      socket.joinGroup(target, network);
      joined.put(network.getName(), network);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  void send(NetworkInterface network, byte[] message) throws IOException {
    lock.lock();
    try {
      socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, network);
      socket.send(new DatagramPacket(message, message.length, target));
    } finally {
      lock.unlock();
    }
  }

  /// Waits for a datagram and returns its length.
  int receive(byte[] buffer) throws IOException {
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    socket.receive(packet);
    return packet.getLength();
  }

  boolean closed() {
    return socket.isClosed();
  }

  @Override
  public void close() {
    socket.close();
  }
}
