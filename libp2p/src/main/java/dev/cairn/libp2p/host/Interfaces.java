package dev.cairn.libp2p.host;

import dev.cairn.machine.Clock;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The addresses of this computer's interfaces, read anew every few seconds at most because the
/// system takes its time.
final class Interfaces implements Supplier<List<InetAddress>> {

  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final ReentrantLock lock = new ReentrantLock();
  private final Clock clock;
  private List<InetAddress> addresses = List.of();
  private long readNanos;

  Interfaces(Clock clock) {
    this.clock = clock;
  }

  @Override
  public List<InetAddress> get() {
    long now = clock.now().nanos();
    lock.lock();
    try {
      if (addresses.isEmpty() || now - readNanos > FRESH_NANOS) {
        readNanos = now;
        addresses = read();
      }
      return addresses;
    } finally {
      lock.unlock();
    }
  }

  private static List<InetAddress> read() {
    try (Stream<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()) {
      return interfaces.filter(Interfaces::isUp).flatMap(NetworkInterface::inetAddresses).toList();
    } catch (SocketException e) {
      return List.of();
    }
  }

  private static boolean isUp(NetworkInterface network) {
    try {
      return network.isUp();
    } catch (SocketException e) {
      return false;
    }
  }
}
