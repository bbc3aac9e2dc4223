package dev.cairn.files.send;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.Requests;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// What others send to this peer: offers are decided by rule or by hand, and what was accepted is
/// fetched, a virtual thread each, until it is here or given up.
///
/// Called from any thread. Offers and their states are written to disk before anyone is told.
public final class Inbox implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Inbox.class.getName());

  private final Host host;
  private final SendParams params;
  private final Clock clock;
  private final Delivery delivery;
  private final LongSupplier used;
  private final OfferFile<InboxOffer> file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final InboxBook book;
  private final Map<String, Thread> fetching = new LinkedHashMap<>();
  private final Semaphore slots;
  private long hints;
  private boolean closed;

  /// @param file where offers are kept
  /// @param used counts the bytes in the inbox's folder
  /// @throws dev.cairn.storage.StoreException when the file is damaged
  Inbox(
      Host host,
      InboxRules rules,
      SendParams params,
      Clock clock,
      Path file,
      Delivery delivery,
      LongSupplier used) {
    this.host = host;
    this.params = params;
    this.clock = clock;
    this.delivery = delivery;
    this.used = used;
    this.file = new OfferFile<>(file, InboxOffer::write, InboxOffer::read);
    this.book = new InboxBook(rules, params, this.file.load());
    this.slots = new Semaphore(params.fetchesMax());
  }

  /// Goes on with what was accepted before a restart.
  void start() {
    lock.lock();
    try {
      expire();
      book.all().forEach(this::fetchIfAccepted);
      // A kill may have come between the last word on an offer and this.
      book.all().stream()
          .filter(o -> o.status().state() != OfferState.ACCEPTED)
          .forEach(this::over);
    } finally {
      lock.unlock();
    }
  }

  /// Every offer that is remembered, oldest first.
  public List<InboxOffer> offers() {
    lock.lock();
    try {
      expire();
      return book.all();
    } finally {
      lock.unlock();
    }
  }

  /// Takes an offer that waits; it is fetched from now on.
  ///
  /// @param key as [InboxOffer#key]
  /// @throws SendException when there is no such offer, or it does not wait
  public void accept(String key) {
    long bytes = used.getAsLong();
    decide(() -> book.accept(key, bytes, nowMillis()), key);
  }

  /// Refuses an offer that waits or is being fetched.
  ///
  /// @throws SendException when there is no such offer, or it is over
  public void refuse(String key) {
    decide(() -> book.refuse(key, "refused by hand", nowMillis()), key);
  }

  private void decide(java.util.function.Supplier<Optional<String>> decision, String key) {
    lock.lock();
    try {
      Optional<String> fault = decision.get();
      if (fault.isPresent()) {
        throw new SendException(fault.get());
      }
      file.save(book.all());
      book.get(key).ifPresent(this::fetchIfAccepted);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    tell(key);
  }

  /// A peer offers something.
  OfferStatus offered(PeerId from, Offer offer) {
    // Counting takes a look at every file, which only those may cause from whom anything is taken.
    long bytes = mayTake(from, offer) ? used.getAsLong() : 0;
    lock.lock();
    try {
      expire();
      boolean known = book.get(InboxOffer.key(from, offer.id())).isPresent();
      OfferStatus status = book.offered(from, offer, bytes, nowMillis());
      Optional<InboxOffer> entry = book.get(InboxOffer.key(from, offer.id()));
      if (!known && entry.isPresent()) {
        file.save(book.all());
        entry.ifPresent(this::fetchIfAccepted);
      }
      hints++; // the sender is there: whatever waits to try again may
      changed.signalAll();
      return status;
    } finally {
      lock.unlock();
    }
  }

  private boolean mayTake(PeerId from, Offer offer) {
    lock.lock();
    try {
      return book.mayTake(from, offer);
    } finally {
      lock.unlock();
    }
  }

  /// A peer takes an offer back.
  OfferStatus withdrawn(PeerId from, String id) {
    lock.lock();
    try {
      if (book.withdrawn(from, id, nowMillis())) {
        file.save(book.all());
        stop(InboxOffer.key(from, id));
      }
      return OfferStatus.of(OfferState.WITHDRAWN);
    } finally {
      lock.unlock();
    }
  }

  private void expire() {
    if (book.expire(nowMillis())) {
      file.save(book.all());
    }
  }

  private long nowMillis() {
    return clock.now().wallMillis();
  }

  private void stop(String key) {
    Thread thread = fetching.get(key);
    if (thread != null) {
      thread.interrupt();
    }
  }

  private void fetchIfAccepted(InboxOffer offer) {
    String key = offer.key();
    if (offer.status().state() != OfferState.ACCEPTED) {
      stop(key);
    } else if (!closed && !fetching.containsKey(key)) {
      Thread thread = Thread.ofVirtual().name("inbox " + key).unstarted(() -> fetch(offer));
      fetching.put(key, thread);
      thread.start();
    }
  }

  private void fetch(InboxOffer first) {
    String key = first.key();
    Duration wait = params.retryMin();
    try {
      while (accepted(key).isPresent()) {
        InboxOffer offer = accepted(key).orElseThrow();
        slots.acquire();
        try {
          Path path = delivery.fetch(offer, new Reporting(key)::progress);
          settle(key, () -> book.finished(key, path.toString(), nowMillis()));
          return;
        } catch (SendException e) {
          settle(key, () -> book.failed(key, e.getMessage(), nowMillis()));
          return;
        } catch (IOException e) {
          LOG.log(Level.INFO, "offer " + key + " is tried again: " + e.getMessage());
        } finally {
          slots.release();
        }
        await(wait);
        Duration doubled = wait.multipliedBy(2);
        wait = doubled.compareTo(params.retryMax()) < 0 ? doubled : params.retryMax();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed, refused or withdrawn meanwhile
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "offer " + key + " cannot be fetched", e);
      settle(key, () -> book.failed(key, "an error at the receiver", nowMillis()));
    } finally {
      boolean last;
      lock.lock();
      try {
        fetching.remove(key);
        last = book.get(key).filter(o -> o.status().state() == OfferState.ACCEPTED).isEmpty();
      } finally {
        lock.unlock();
      }
      if (last) {
        over(first);
      }
    }
  }

  private void over(InboxOffer offer) {
    try {
      delivery.over(offer);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "offer " + offer.key() + " leaves blocks behind: " + e.getMessage());
    }
  }

  private Optional<InboxOffer> accepted(String key) {
    lock.lock();
    try {
      expire();
      return closed
          ? Optional.empty()
          : book.get(key).filter(o -> o.status().state() == OfferState.ACCEPTED);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the time is over or the sender shows up.
  private void await(Duration wait) throws InterruptedException {
    lock.lock();
    try {
      long seen = hints;
      long left = wait.toNanos();
      while (left > 0 && seen == hints && !closed) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void settle(String key, java.util.function.Supplier<Optional<InboxOffer>> change) {
    lock.lock();
    try {
      if (change.get().isPresent()) {
        file.save(book.all());
      }
    } finally {
      lock.unlock();
    }
    tell(key);
  }

  /// Notes progress, and tells the sender now and then. Owner: the thread that fetches.
  private final class Reporting {
    private final String key;
    private long nextNanos = Long.MIN_VALUE;

    Reporting(String key) {
      this.key = key;
    }

    void progress(long bytes) {
      long now = clock.now().nanos();
      lock.lock();
      try {
        book.progress(key, bytes, nowMillis());
      } finally {
        lock.unlock();
      }
      if (nextNanos == Long.MIN_VALUE || now - nextNanos >= 0) {
        nextNanos = now + params.reportEvery().toNanos();
        tell(key);
      }
    }
  }

  /// Tells the sender how far its offer has come; it asks by itself when this does not arrive.
  private void tell(String key) {
    Optional<InboxOffer> offer;
    lock.lock();
    try {
      offer = closed ? Optional.empty() : book.get(key);
    } finally {
      lock.unlock();
    }
    offer.ifPresent(o -> Thread.ofVirtual().name("inbox report").start(() -> report(o)));
  }

  private void report(InboxOffer entry) {
    try {
      SendMessage message = new SendMessage.Reported(entry.offer().id(), entry.status());
      byte[] answer =
          Requests.ask(host, entry.from(), Sending.PROTOCOL, Sending.LIMITS, message.encode());
      if (OfferStatus.decode(answer).state() == OfferState.WITHDRAWN) {
        withdrawn(entry.from(), entry.offer().id());
      }
    } catch (IOException | dev.cairn.multiformats.MalformedException e) {
      LOG.log(Level.DEBUG, "{0} is not told: {1}", entry.from(), e.getMessage());
    }
  }

  /// Stops fetching; what was accepted goes on after the next start.
  @Override
  public void close() {
    List<Thread> threads;
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      threads = List.copyOf(fetching.values());
    } finally {
      lock.unlock();
    }
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
