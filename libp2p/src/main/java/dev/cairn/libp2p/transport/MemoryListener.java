package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where a host of a [MemoryNetwork] can be dialed.
final class MemoryListener implements Listener {

  /// Links that wait to be accepted.
  static final int BACKLOG = 1_024;

  private final MemoryNetwork network;
  private final String name;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<MemoryLink> waiting = new ArrayDeque<>();
  private boolean closed;

  MemoryListener(MemoryNetwork network, String name) {
    this.network = network;
    this.name = name;
  }

  @Override
  public Multiaddr address() {
    return Multiaddr.parse("/memory/" + name);
  }

  void offer(MemoryLink link) throws IOException {
    lock.lock();
    try {
      if (closed || waiting.size() >= BACKLOG) {
        throw new ConnectException("nobody accepts on " + address());
      }
      waiting.addLast(link);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Link accept() throws IOException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        changed.await();
      }
      if (closed) {
        throw new SocketException("the listener is closed");
      }
      return waiting.removeFirst();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    network.remove(name);
    lock.lock();
    try {
      closed = true;
      waiting.forEach(MemoryLink::close);
      waiting.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
