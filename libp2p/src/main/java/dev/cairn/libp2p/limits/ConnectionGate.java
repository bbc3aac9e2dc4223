package dev.cairn.libp2p.limits;

import dev.cairn.multiformats.Multiaddr;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Counts connections and says no in time: an inbound one is asked about as soon as it is accepted,
/// before a byte of it is read and before any cryptography.
///
/// Shared by many threads; guarded by its own lock. Its memory is bounded by the connections that
/// it lets in.
public final class ConnectionGate {

  /// Leave for one connection. Closing it gives the place back; more than once does no harm.
  public final class Permit implements AutoCloseable {
    private final boolean inbound;
    private final Optional<AddressGroup> group;
    private boolean negotiating;
    private boolean open = true;

    private Permit(boolean inbound, Optional<AddressGroup> group) {
      this.inbound = inbound;
      this.group = group;
      this.negotiating = inbound;
    }

    /// The upgrade is over: the place in negotiation is free for another.
    public void established() {
      lock.lock();
      try {
        if (open && negotiating) {
          negotiating = false;
          negotiatingNow--;
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (open) {
          established();
          open = false;
          all--;
          inboundNow -= inbound ? 1 : 0;
          group.ifPresent(g -> perGroup.computeIfPresent(g, (k, n) -> n == 1 ? null : n - 1));
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<AddressGroup, Integer> perGroup = new HashMap<>();
  private final Limits limits;
  private int all;
  private int inboundNow;
  private int negotiatingNow;

  public ConnectionGate(Limits limits) {
    this.limits = limits;
  }

  /// Asks for a place for a connection that was just accepted; empty when there is none.
  public Optional<Permit> inbound(Multiaddr remote) {
    lock.lock();
    try {
      if (inboundNow >= limits.inbound() || negotiatingNow >= limits.negotiating()) {
        return Optional.empty();
      }
      return enter(true, remote);
    } finally {
      lock.unlock();
    }
  }

  /// Asks for a place for a connection that this host dials; empty when there is none.
  public Optional<Permit> outbound(Multiaddr remote) {
    lock.lock();
    try {
      return enter(false, remote);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Permit> enter(boolean inbound, Multiaddr remote) {
    Optional<AddressGroup> group = AddressGroup.of(remote, limits.exemptLoopback());
    if (all >= limits.connections()
        || group.map(g -> perGroup.getOrDefault(g, 0)).orElse(0) >= limits.perAddress()) {
      return Optional.empty();
    }
    all++;
    if (inbound) {
      inboundNow++;
      negotiatingNow++;
    }
    group.ifPresent(g -> perGroup.merge(g, 1, Integer::sum));
    return Optional.of(new Permit(inbound, group));
  }

  /// Connections that hold a place, dials and those in negotiation included.
  public int open() {
    lock.lock();
    try {
      return all;
    } finally {
      lock.unlock();
    }
  }

  /// Inbound connections in their upgrade.
  public int negotiating() {
    lock.lock();
    try {
      return negotiatingNow;
    } finally {
      lock.unlock();
    }
  }
}
