package dev.cairn.files.send;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.send.InboxRules.Accept;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Cid;
import dev.cairn.storage.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SendingTest {

  private static final SendParams PROMPT =
      new SendParams(
          8,
          4,
          Duration.ofDays(7),
          Duration.ofDays(7),
          2,
          Duration.ofMillis(20),
          Duration.ofMillis(50),
          Duration.ofMillis(1));

  @TempDir Path folder;
  private Pair pair;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void connect() throws Exception {
    pair = new Pair();
    pair.connect();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
    pair.close();
  }

  private Sending alice() {
    return start(pair.alice, Accept.NONE, "alice", (offer, progress) -> folder);
  }

  private Sending bob(Accept accept, Delivery delivery) {
    return start(pair.bob, accept, "bob", delivery);
  }

  private Sending start(
      dev.cairn.libp2p.host.Host host, Accept accept, String name, Delivery delivery) {
    InboxRules rules = new InboxRules(accept, Set.of(), 1_000, 10_000);
    Sending sending =
        Sending.start(host, rules, PROMPT, Clock.system(), folder.resolve(name), delivery, () -> 0);
    open.add(sending);
    return sending;
  }

  private static Offer offer(int number) {
    return new Offer(
        String.format("%032x", number),
        "photo.jpg",
        100,
        Cid.hash(Cid.RAW, new byte[] {(byte) number}),
        Offer.Kind.FILE);
  }

  /// Looks again and again until it is so; the test's own time limit ends it otherwise.
  private static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(2);
    }
  }

  private static OfferStatus status(Sending sender, Offer offer) {
    return sender.outbox().get(offer.id()).orElseThrow().status();
  }

  private static boolean is(Sending sender, Offer offer, OfferState state) {
    return status(sender, offer).state() == state;
  }

  @Test
  void what_is_accepted_by_rule_is_fetched_and_the_sender_is_told() throws Exception {
    Sending bob =
        bob(
            Accept.ALL,
            (entry, progress) -> {
              assertEquals(pair.alice.id(), entry.from());
              progress.accept(50);
              return folder.resolve("photo.jpg");
            });
    Sending alice = alice();
    alice.outbox().send(pair.bob.id(), offer(1));
    until(() -> is(alice, offer(1), OfferState.FINISHED));
    assertEquals(100, status(alice, offer(1)).bytes());
    assertEquals(folder.resolve("photo.jpg").toString(), bob.inbox().offers().getFirst().path());
  }

  @Test
  void what_a_rule_refuses_is_not_fetched_and_the_sender_hears_why() throws Exception {
    Sending bob =
        bob(
            Accept.ALLOWED,
            (entry, progress) -> {
              throw new IllegalStateException("fetched");
            });
    Sending alice = alice();
    alice.outbox().send(pair.bob.id(), offer(1));
    until(() -> is(alice, offer(1), OfferState.REFUSED));
    assertTrue(status(alice, offer(1)).reason().contains("listed"));
    assertEquals(List.of(), bob.inbox().offers());
  }

  @Test
  void a_person_accepts_or_refuses_what_waits() throws Exception {
    Sending bob = bob(Accept.ASK, (entry, progress) -> folder.resolve(entry.key()));
    Sending alice = alice();
    alice.outbox().send(pair.bob.id(), offer(1));
    alice.outbox().send(pair.bob.id(), offer(2));
    until(() -> bob.inbox().offers().size() == 2);
    for (InboxOffer waiting : bob.inbox().offers()) {
      assertEquals(OfferState.WAITING, waiting.status().state());
      if (waiting.offer().equals(offer(1))) {
        bob.inbox().accept(waiting.key());
      } else {
        bob.inbox().refuse(waiting.key());
      }
    }
    until(() -> is(alice, offer(1), OfferState.FINISHED));
    until(() -> is(alice, offer(2), OfferState.REFUSED));
    assertEquals("refused by hand", status(alice, offer(2)).reason());
    assertThrows(SendException.class, () -> bob.inbox().accept("nonsense"));
  }

  @Test
  void a_fetch_that_fails_is_tried_again_and_one_that_never_can_is_given_up() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    bob(
        Accept.ALL,
        (entry, progress) -> {
          if (entry.offer().equals(offer(2))) {
            throw new SendException("it is not what was offered");
          }
          if (tries.incrementAndGet() < 3) {
            throw new IOException("cut off");
          }
          return folder;
        });
    Sending alice = alice();
    alice.outbox().send(pair.bob.id(), offer(1));
    alice.outbox().send(pair.bob.id(), offer(2));
    until(() -> is(alice, offer(1), OfferState.FINISHED));
    until(() -> is(alice, offer(2), OfferState.FAILED));
    assertEquals(3, tries.get());
    assertEquals("it is not what was offered", status(alice, offer(2)).reason());
  }

  @Test
  void what_was_accepted_goes_on_after_a_restart_of_the_receiver() throws Exception {
    CountDownLatch fetching = new CountDownLatch(1);
    Sending first =
        bob(
            Accept.ALL,
            (entry, progress) -> {
              fetching.countDown();
              Thread.sleep(Duration.ofHours(1));
              return folder;
            });
    Sending alice = alice();
    alice.outbox().send(pair.bob.id(), offer(1));
    fetching.await();
    first.close();
    until(() -> is(alice, offer(1), OfferState.ACCEPTED));
    bob(Accept.NONE, (entry, progress) -> folder.resolve("second"));
    until(() -> is(alice, offer(1), OfferState.FINISHED));
  }

  @Test
  void an_offer_is_made_again_after_a_restart_of_the_sender() throws Exception {
    Sending first = alice();
    first.outbox().send(pair.bob.id(), offer(1));
    first.close();
    bob(Accept.ALL, (entry, progress) -> folder);
    Sending second = alice();
    until(() -> is(second, offer(1), OfferState.FINISHED));
  }

  @Test
  void what_the_sender_takes_back_is_no_longer_fetched() throws Exception {
    CountDownLatch fetching = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Sending bob =
        bob(
            Accept.ALL,
            (entry, progress) -> {
              fetching.countDown();
              try {
                Thread.sleep(Duration.ofHours(1));
              } finally {
                stopped.countDown();
              }
              return folder;
            });
    Sending alice = alice();
    alice.outbox().send(pair.bob.id(), offer(1));
    fetching.await();
    alice.outbox().withdraw(offer(1).id());
    stopped.await();
    until(() -> bob.inbox().offers().getFirst().status().state() == OfferState.WITHDRAWN);
    assertThrows(SendException.class, () -> alice.outbox().withdraw(offer(1).id()));
  }

  @Test
  void a_peer_cannot_report_on_an_offer_made_to_another() {
    Sending alice = alice();
    alice.outbox().send(Pair.peer(9), offer(1));
    OfferStatus answer =
        alice.outbox().reported(pair.bob.id(), offer(1).id(), OfferStatus.of(OfferState.FINISHED));
    assertEquals(OfferState.WITHDRAWN, answer.state());
    assertEquals(OfferState.WAITING, status(alice, offer(1)).state());
  }

  @Test
  void only_so_many_offers_are_open() {
    Sending alice = alice();
    for (int i = 0; i < PROMPT.offersMax(); i++) {
      alice.outbox().send(Pair.peer(9), offer(i));
    }
    assertThrows(SendException.class, () -> alice.outbox().send(Pair.peer(9), offer(99)));
    alice.outbox().withdraw(offer(3).id());
    alice.outbox().send(Pair.peer(9), offer(99));
  }

  @Test
  void a_damaged_list_of_offers_is_said_to_be_so() throws IOException {
    Files.createDirectories(folder.resolve("alice"));
    Files.write(folder.resolve("alice/sent"), new byte[] {(byte) 0x82, 1});
    assertThrows(StoreException.class, this::alice);
  }

  @Test
  void what_fails_is_told_to_be_over_so_that_nothing_stays_pinned() throws Exception {
    List<String> over = new CopyOnWriteArrayList<>();
    Delivery failing =
        new Delivery() {
          @Override
          public Path fetch(InboxOffer offer, LongConsumer progress) {
            throw new SendException("it is not what was offered");
          }

          @Override
          public void over(InboxOffer offer) {
            over.add(offer.offer().id());
          }
        };
    Sending bob = bob(Accept.ALL, failing);
    Sending alice = alice();
    alice.outbox().send(pair.bob.id(), offer(1));
    until(() -> !over.isEmpty());
    assertEquals(List.of(offer(1).id()), over);
    assertEquals(OfferState.FAILED, bob.inbox().offers().getFirst().status().state());
  }

  @Test
  void who_is_refused_anyway_makes_nobody_count_the_inbox() throws Exception {
    AtomicInteger counted = new AtomicInteger();
    InboxRules none = new InboxRules(Accept.NONE, Set.of(), 1_000, 10_000);
    open.add(
        Sending.start(
            pair.bob,
            none,
            PROMPT,
            Clock.system(),
            folder.resolve("bob"),
            (offer, progress) -> folder,
            counted::incrementAndGet));
    Sending alice = alice();
    alice.outbox().send(pair.bob.id(), offer(1));
    until(() -> is(alice, offer(1), OfferState.REFUSED));
    assertEquals(0, counted.get());
  }

  @Test
  void an_offer_that_nobody_answers_is_given_up_and_made_no_more() throws Exception {
    Duration soon = Duration.ofMillis(100);
    SendParams brief = new SendParams(8, 4, soon, soon, 2, soon, soon, soon);
    try (Outbox outbox = new Outbox(pair.alice, brief, Clock.system(), folder.resolve("sent"))) {
      outbox.start();
      outbox.send(Pair.peer(9), offer(1));
      assertEquals(1, outbox.waiting());
      until(() -> outbox.offers().isEmpty());
      assertEquals(0, outbox.waiting());
    }
  }
}
