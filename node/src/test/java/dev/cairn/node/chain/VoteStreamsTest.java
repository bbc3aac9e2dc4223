package dev.cairn.node.chain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.host.HostParams;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.protobuf.Delimited;
import dev.cairn.libp2p.transport.TcpTransport;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Streams for votes between real hosts on this machine.
class VoteStreamsTest {

  private static final String CHAIN = "testtesttesttest";
  private static final long WAIT_NANOS = 20_000_000_000L;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /// A host with its streams, and what came to it.
  private final class Side {
    private final Libp2pHost host;
    private final BlockingQueue<String> taken = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> faults = new LinkedBlockingQueue<>();
    private final BlockingQueue<byte[]> gossiped = new LinkedBlockingQueue<>();
    private final VoteStreams streams;
    private volatile Set<PeerId> lastServed = Set.of();

    private Side(boolean serves) throws IOException {
      SecureRandom random = new SecureRandom();
      this.host =
          new Libp2pHost(
              Identity.generate(random),
              HostParams.listeningOn(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")),
              List.of(new TcpTransport()),
              new Peerstore(Clock.system()),
              Clock.system(),
              random);
      parts.push(host);
      this.streams =
          new VoteStreams(
              host,
              serves ? CHAIN : "another chain",
              new VoteStreams.Receiver() {
                @Override
                public void take(PeerId from, byte[] message, Set<PeerId> served) {
                  lastServed = served;
                  taken.add(from + " " + message.length + " " + message[0]);
                }

                @Override
                public void misbehaved(PeerId from, String reason) {
                  faults.add(from + " " + reason);
                }
              },
              gossiped::add);
      parts.push(streams);
    }

    private PeerId id() {
      return host.id();
    }

    /// Says who the validators are until there is a stream to one of them.
    private void open(Side other) {
      await(
          () -> {
            streams.validators(Set.of(other.id()), true);
            return streams.open() == 1;
          });
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + WAIT_NANOS;
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within 20 s");
      LockSupport.parkNanos(5_000_000);
    }
  }

  private Side side() throws IOException {
    return new Side(true);
  }

  private static void connect(Side from, Side to) throws IOException {
    from.host.connect(to.id(), to.host.addresses());
  }

  @AfterEach
  void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }

  @Test
  void messages_go_straight_to_a_validator_in_order() throws Exception {
    Side one = side();
    Side two = side();
    connect(one, two);
    two.streams.validators(Set.of(one.id()), true);
    one.open(two);
    assertEquals(Set.of(two.id()), one.streams.send(new byte[] {1}));
    assertEquals(Set.of(two.id()), one.streams.send(new byte[] {2, 0}));
    assertEquals(one.id() + " 1 1", two.taken.take());
    assertEquals(one.id() + " 2 2", two.taken.take());
    assertEquals(2, one.streams.sent());
    assertEquals(2, two.streams.received());
  }

  @Test
  void who_has_streams_to_all_says_so_with_each_message() throws Exception {
    Side one = side();
    Side two = side();
    Side three = side();
    connect(one, two);
    connect(one, three);
    Set<PeerId> others = Set.of(one.id(), three.id());
    two.streams.validators(others, true);
    three.streams.validators(Set.of(one.id(), two.id()), true);
    one.open(two);
    // The third is known, and there is no stream to it yet; or a fourth is not known.
    one.streams.validators(Set.of(two.id(), side().id()), true);
    assertServed(Set.of(), one, two);
    one.streams.validators(Set.of(two.id()), false);
    assertServed(Set.of(), one, two);
    await(
        () -> {
          one.streams.validators(Set.of(two.id(), three.id()), true);
          return one.streams.open() == 2;
        });
    assertServed(others, one, two);
  }

  private static void assertServed(Set<PeerId> expected, Side from, Side to) throws Exception {
    from.streams.send(new byte[] {1});
    to.taken.take();
    assertEquals(expected, to.lastServed);
  }

  @Test
  void a_message_with_an_unknown_mark_is_a_fault_of_its_sender() throws Exception {
    Side one = side();
    Side two = side();
    connect(one, two);
    two.streams.validators(Set.of(one.id()), true);
    try (Stream stream = one.host.open(two.id(), List.of(VoteStreams.protocol(CHAIN)))) {
      Delimited.write(stream.output(), new byte[0]);
      Delimited.write(stream.output(), new byte[] {2, 7});
      assertEquals(one.id() + " a message among votes with the mark 2", two.faults.take());
    }
    assertEquals(0, two.taken.size());
  }

  @Test
  void no_stream_is_taken_from_a_peer_that_is_not_a_validator() throws Exception {
    Side one = side();
    Side two = side();
    connect(one, two);
    for (int i = 0; i < 3; i++) {
      await(() -> one.host.info(two.id()).orElseThrow().protocols().size() > 1);
      try (Stream stream = one.host.open(two.id(), List.of(VoteStreams.protocol(CHAIN)))) {
        assertEquals(0, refused(stream), "bytes read");
      }
    }
    assertEquals(Set.of(), one.streams.send(new byte[] {1}));
    // As soon as it is one, the same stream is taken.
    two.streams.validators(Set.of(one.id()), true);
    one.open(two);
    one.streams.send(new byte[] {9});
    assertEquals(one.id() + " 1 9", two.taken.take());
  }

  /// Writes as if the stream were taken; the reset may come before, between or after.
  private static int refused(Stream stream) {
    try {
      Delimited.write(stream.output(), new byte[0]);
      Delimited.write(stream.output(), new byte[] {0, 7});
      return stream.input().read() < 0 ? 0 : 1;
    } catch (IOException e) {
      return 0;
    }
  }

  @Test
  void who_leaves_the_set_is_sent_no_more() throws Exception {
    Side one = side();
    Side two = side();
    connect(one, two);
    two.streams.validators(Set.of(one.id()), true);
    one.open(two);
    one.streams.validators(Set.of(), true);
    await(() -> one.streams.open() == 0);
    assertEquals(Set.of(), one.streams.send(new byte[] {1}));
  }

  @Test
  void what_a_stream_does_not_take_goes_by_gossip() throws Exception {
    Side one = side();
    Side two = new Side(false);
    CountDownLatch over = new CountDownLatch(1);
    two.host.handle(
        VoteStreams.protocol(CHAIN),
        stream -> {
          Delimited.read(stream.input(), 0);
          Delimited.write(stream.output(), new byte[0]);
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        StreamLimits.STANDARD);
    connect(one, two);
    one.open(two);
    // The window of a stream and the queue fill up; then nothing is lost of what was taken.
    List<byte[]> notTaken = new ArrayList<>();
    byte[] message = new byte[Topics.VOTE_MESSAGE_BYTES_MAX];
    for (int i = 0; i < 100_000 && notTaken.isEmpty(); i++) {
      if (one.streams.send(message.clone()).isEmpty()) {
        notTaken.add(message);
      }
      // So slow that the queue grows only once the window is full.
      LockSupport.parkNanos(200_000);
    }
    assertEquals(1, notTaken.size());
    // All of a full queue, and what was being written.
    await(() -> one.gossiped.size() > VoteLink.QUEUED_MAX);
    assertArrayEquals(message, one.gossiped.take());
    over.countDown();
  }

  @Test
  void a_message_over_the_limit_is_a_fault_of_its_sender() throws Exception {
    Side one = side();
    Side two = side();
    connect(one, two);
    two.streams.validators(Set.of(one.id()), true);
    one.open(two);
    one.streams.send(new byte[Topics.VOTE_MESSAGE_BYTES_MAX]);
    assertEquals(one.id() + " 65536 0", two.taken.take());
    one.streams.send(new byte[Topics.VOTE_MESSAGE_BYTES_MAX + 1]);
    assertTrue(two.faults.take().startsWith(one.id() + " message of 65538 bytes"));
    await(() -> one.streams.open() == 0);
  }
}
