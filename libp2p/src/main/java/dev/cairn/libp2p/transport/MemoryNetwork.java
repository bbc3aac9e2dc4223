package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.concurrent.locks.ReentrantLock;

/// A network within one process, shared by the hosts that are to reach each other. Safe from any
/// thread.
public final class MemoryNetwork {

  private final ReentrantLock lock = new ReentrantLock();
  private final HashMap<String, MemoryListener> listeners = new HashMap<>();
  private long nextFree = 1;

  public MemoryNetwork() {}

  private static String name(Multiaddr address) {
    return address
        .value(Protocol.MEMORY)
        .orElseThrow(() -> new IllegalArgumentException("not a memory address: " + address));
  }

  MemoryListener listen(Multiaddr wanted) throws IOException {
    lock.lock();
    try {
      String asked = name(wanted);
      String name = asked.equals("0") ? freeName() : asked;
      if (listeners.containsKey(name)) {
        throw new BindException("in use: " + wanted);
      }
      MemoryListener listener = new MemoryListener(this, name);
      listeners.put(name, listener);
      return listener;
    } finally {
      lock.unlock();
    }
  }

  Link dial(Multiaddr address) throws IOException {
    MemoryListener listener;
    Multiaddr local;
    lock.lock();
    try {
      listener = listeners.get(name(address));
      local = Multiaddr.parse("/memory/" + freeName());
    } finally {
      lock.unlock();
    }
    if (listener == null) {
      throw new ConnectException("nobody listens on " + address);
    }
    MemoryPipe there = new MemoryPipe();
    MemoryPipe back = new MemoryPipe();
    listener.offer(new MemoryLink(there, back, listener.address(), local));
    return new MemoryLink(back, there, local, listener.address());
  }

  void remove(String name) {
    lock.lock();
    try {
      listeners.remove(name);
    } finally {
      lock.unlock();
    }
  }

  private String freeName() {
    while (listeners.containsKey(Long.toString(nextFree))) {
      nextFree++;
    }
    return Long.toString(nextFree++);
  }
}
