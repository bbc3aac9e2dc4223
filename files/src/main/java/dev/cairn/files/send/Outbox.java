package dev.cairn.files.send;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.Requests;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What this peer sends to others: each offer is repeated until the receiver has said its last
/// word. The receiver fetches by itself, so nothing is pushed.
///
/// Called from any thread; one virtual thread repeats the offers.
public final class Outbox implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Outbox.class.getName());

  private final Host host;
  private final SendParams params;
  private final Clock clock;
  private final OfferFile<OutboxOffer> file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, OutboxOffer> offers = new LinkedHashMap<>();

  /// When each open offer is made again, in nanoseconds of the clock.
  private final Map<String, Due> due = new LinkedHashMap<>();

  private boolean closed;

  private record Due(long nanos, Duration pause) {}

  Outbox(Host host, SendParams params, Clock clock, Path file) {
    this.host = host;
    this.params = params;
    this.clock = clock;
    this.file = new OfferFile<>(file, OutboxOffer::write, OutboxOffer::read);
    this.file.load().forEach(o -> offers.put(o.offer().id(), o));
  }

  void start() {
    lock.lock();
    try {
      offers.values().forEach(o -> soon(o.offer().id()));
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("outbox").start(this::repeat);
  }

  /// Offers something to a peer, now and until it has answered for good.
  ///
  /// @throws SendException when too many offers are open
  public OutboxOffer send(PeerId to, Offer offer) {
    long now = clock.now().wallMillis();
    OutboxOffer entry =
        new OutboxOffer(to, offer, OfferStatus.of(OfferState.WAITING), false, now, now);
    lock.lock();
    try {
      expire();
      if (offers.size() >= params.offersMax()) {
        Optional<OutboxOffer> over =
            offers.values().stream().filter(o -> o.status().state().last()).findFirst();
        offers.remove(
            over.orElseThrow(
                    () ->
                        new SendException(
                            "at most " + params.offersMax() + " files are sent at once"))
                .offer()
                .id());
      }
      offers.put(offer.id(), entry);
      file.save(List.copyOf(offers.values()));
      soon(offer.id());
      changed.signalAll();
      return entry;
    } finally {
      lock.unlock();
    }
  }

  /// Every offer that is remembered, oldest first.
  public List<OutboxOffer> offers() {
    lock.lock();
    try {
      expire();
      return List.copyOf(offers.values());
    } finally {
      lock.unlock();
    }
  }

  public Optional<OutboxOffer> get(String id) {
    lock.lock();
    try {
      return Optional.ofNullable(offers.get(id));
    } finally {
      lock.unlock();
    }
  }

  /// Takes an offer back, and says so to the receiver when it can be reached.
  ///
  /// @throws SendException when there is no such offer, or it is over
  public void withdraw(String id) {
    OutboxOffer offer =
        get(id)
            .filter(o -> !o.status().state().last())
            .orElseThrow(() -> new SendException("no offer " + id + " is open"));
    update(id, OfferStatus.of(OfferState.WITHDRAWN));
    Thread.ofVirtual()
        .name("outbox withdraw")
        .start(
            () -> {
              try {
                ask(offer.to(), new SendMessage.Withdrawn(id));
              } catch (IOException | MalformedException e) {
                // It hears so when it reports next.
                LOG.log(Level.DEBUG, "{0} is not told: {1}", offer.to(), e.getMessage());
              }
            });
  }

  /// The receiver says how far an offer has come.
  OfferStatus reported(PeerId from, String id, OfferStatus status) {
    lock.lock();
    try {
      OutboxOffer offer = offers.get(id);
      if (offer == null
          || !offer.to().equals(from)
          || offer.status().state() == OfferState.WITHDRAWN) {
        return OfferStatus.of(OfferState.WITHDRAWN);
      }
      update(id, status);
      return status;
    } finally {
      lock.unlock();
    }
  }

  /// A peer has connected: what is open for it is offered at once.
  void connected(PeerId peer) {
    lock.lock();
    try {
      offers.values().stream().filter(o -> o.to().equals(peer)).forEach(o -> soon(o.offer().id()));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void soon(String id) {
    OutboxOffer offer = offers.get(id);
    if (offer != null && !offer.status().state().last()) {
      due.put(id, new Due(clock.now().nanos(), params.retryMin()));
    }
  }

  private void update(String id, OfferStatus status) {
    lock.lock();
    try {
      OutboxOffer offer = offers.get(id);
      if (offer == null || offer.status().state().last()) {
        return;
      }
      OutboxOffer next = offer.with(status, clock.now().wallMillis());
      offers.put(id, next);
      if (next.status().state() != offer.status().state() || next.told() != offer.told()) {
        file.save(List.copyOf(offers.values()));
      }
      if (status.state().last()) {
        due.remove(id);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void expire() {
    long now = clock.now().wallMillis();
    boolean any = false;
    for (OutboxOffer offer : new ArrayList<>(offers.values())) {
      long age = now - offer.changedMillis();
      if (!offer.status().state().last() && age > params.lifetime().toMillis()) {
        offers.put(offer.offer().id(), offer.with(offer.status().failed("nobody answered"), now));
        due.remove(offer.offer().id());
        any = true;
      } else if (offer.status().state().last() && age > params.remembered().toMillis()) {
        offers.remove(offer.offer().id());
        any = true;
      }
    }
    if (any) {
      file.save(List.copyOf(offers.values()));
    }
  }

  /// How many offers are to be made again.
  int waiting() {
    lock.lock();
    try {
      return due.size();
    } finally {
      lock.unlock();
    }
  }

  private void repeat() {
    try {
      for (List<OutboxOffer> next = next(); !isClosed(); next = next()) {
        for (OutboxOffer offer : next) {
          Thread.ofVirtual().name("outbox offer").start(() -> offer(offer));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for offers that are due, and puts each off by its wait, doubled.
  private List<OutboxOffer> next() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        expire();
        long now = clock.now().nanos();
        List<OutboxOffer> ready = new ArrayList<>();
        long wait = params.retryMax().toNanos();
        for (Map.Entry<String, Due> entry : due.entrySet()) {
          Due at = entry.getValue();
          OutboxOffer offer = offers.get(entry.getKey());
          if (offer != null && now - at.nanos() >= 0) {
            ready.add(offer);
            Duration doubled = at.pause().multipliedBy(2);
            Duration longer =
                doubled.compareTo(params.retryMax()) < 0 ? doubled : params.retryMax();
            entry.setValue(new Due(now + at.pause().toNanos(), longer));
          } else {
            wait = Math.min(wait, at.nanos() - now);
          }
        }
        if (!ready.isEmpty() || closed) {
          return ready;
        }
        long _ = changed.awaitNanos(wait);
      }
    } finally {
      lock.unlock();
    }
  }

  private void offer(OutboxOffer entry) {
    try {
      update(entry.offer().id(), ask(entry.to(), new SendMessage.Offered(entry.offer())));
    } catch (IOException | MalformedException e) {
      LOG.log(Level.DEBUG, "{0} is not reached: {1}", entry.to(), e.getMessage());
    }
  }

  private OfferStatus ask(PeerId peer, SendMessage message) throws IOException {
    host.connect(peer, List.of());
    byte[] answer = Requests.ask(host, peer, Sending.PROTOCOL, Sending.LIMITS, message.encode());
    return OfferStatus.decode(answer);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
