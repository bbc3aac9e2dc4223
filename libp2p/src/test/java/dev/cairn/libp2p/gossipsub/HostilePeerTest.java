package dev.cairn.libp2p.gossipsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.gossipsub.GossipNet.Node;
import dev.cairn.libp2p.host.Libp2pHost;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A node and a peer that writes what it likes.
@Timeout(60)
class HostilePeerTest {

  private static final List<String> V1_1 = List.of("/meshsub/1.1.0");

  private final GossipNet net = new GossipNet();
  private final BlockingQueue<Stream> inbound = new LinkedBlockingQueue<>();
  private final BlockingQueue<Rpc> heard = new LinkedBlockingQueue<>();
  private Node node;
  private Libp2pHost hostile;
  private Subscription subscription;

  HostilePeerTest() throws IOException {
    node = net.node(1);
    hostile = net.host(2);
    subscription = node.gossipsub().subscribe(Peers.topic("t"));
  }

  @BeforeEach
  void connect() throws IOException {
    hostile.handle(V1_1.getFirst(), this::listen, new StreamLimits(10, 10));
    GossipNet.connect(hostile, node.host());
  }

  private void listen(Stream stream) throws IOException {
    inbound.add(stream);
    FrameReader frames = new FrameReader(stream.input(), 1 << 20);
    Optional<byte[]> frame = frames.next();
    while (frame.isPresent()) {
      heard.add(RpcDecoder.decode(frame.get(), GossipLimits.STANDARD));
      frame = frames.next();
    }
  }

  @AfterEach
  void close() {
    net.close();
  }

  private Stream open() throws IOException {
    return hostile.open(node.host().id(), V1_1);
  }

  private static void write(Stream stream, Fragment... fragments) throws IOException {
    RpcWriter.write(List.of(fragments), stream.output());
  }

  private static Fragment topics(String... topics) {
    return Fragment.of(List.of(topics).stream().map(t -> new TopicChange(t, true)).toList())
        .getFirst();
  }

  private long count(GossipCount count) {
    return node.gossipsub().metrics().get(count);
  }

  /// The node still takes part with a peer that behaves.
  private void assertServes() throws Exception {
    Node good = net.node(9);
    good.gossipsub().define(Peers.topic("t"));
    GossipNet.connect(good.host(), node.host());
    GossipNet.awaitPeers(List.of(good), "t", 1);
    good.gossipsub().publish("t", new byte[] {42});
    GossipMessage message = subscription.take();
    while (message.data()[0] != 42) {
      message = subscription.take();
    }
  }

  /// In one RPC or in two, as they happened to be gathered.
  private void assertGreetedAndGrafted() throws InterruptedException {
    Rpc rpc = heard.take();
    assertEquals(List.of(new TopicChange("t", true)), rpc.subscriptions());
    if (rpc.control().graft().isEmpty()) {
      rpc = heard.take();
    }
    assertEquals(List.of("t"), rpc.control().graft());
  }

  @Test
  void a_peer_of_an_older_version_is_greeted_grafted_and_heard() throws Exception {
    Stream stream = open();
    write(stream, topics("t"));
    assertGreetedAndGrafted();
    write(stream, Fragment.of(Message.unsigned("t", new byte[] {1})));
    assertEquals(1, subscription.take().data()[0]);
  }

  @Test
  void garbage_resets_the_stream_and_the_node_goes_on() throws Exception {
    Random random = new Random(3);
    for (int i = 0; i < 10; i++) {
      int before = i;
      byte[] garbage = new byte[200];
      random.nextBytes(garbage);
      garbage[0] = (byte) 0xFF;
      garbage[1] = (byte) 0xFF;
      garbage[2] = (byte) 0xFF;
      garbage[3] = 0x7F;
      try (Stream stream = open()) {
        stream.output().write(garbage);
        GossipNet.await(() -> count(GossipCount.MALFORMED) > before);
      }
    }
    assertServes();
  }

  @Test
  void frames_that_are_no_rpcs_part_us_from_their_sender() throws Exception {
    for (int i = 0; i <= GossipLimits.STANDARD.rejectsMax(); i++) {
      int before = i;
      try (Stream stream = open()) {
        stream.output().write(new byte[] {2, 0x12, 50});
        GossipNet.await(() -> count(GossipCount.MALFORMED) > before);
      }
    }
    GossipNet.await(() -> node.host().peers().isEmpty());
    assertServes();
  }

  @Test
  void a_frame_cut_short_is_malformed_and_a_quiet_end_is_not() throws Exception {
    try (Stream stream = open()) {
      write(stream, topics("t"));
      stream.closeWrite();
    }
    try (Stream stream = open()) {
      stream.output().write(Varint.encode(1_000));
      stream.output().write(new byte[500]);
      stream.closeWrite();
      GossipNet.await(() -> count(GossipCount.MALFORMED) == 1);
    }
    assertServes();
    assertEquals(1, count(GossipCount.MALFORMED));
  }

  @Test
  void invalid_messages_part_us_from_their_sender() throws Exception {
    Stream stream = open();
    for (int i = 0; i <= GossipLimits.STANDARD.rejectsMax(); i++) {
      write(
          stream,
          Fragment.of(Message.signed(GossipNet.identity(2), i, "t", new byte[] {(byte) i})));
    }
    GossipNet.await(() -> node.host().peers().isEmpty());
    assertServes();
  }

  @Test
  void a_forged_author_is_not_delivered() throws Exception {
    Subscription signed = node.gossipsub().subscribe(Peers.signedTopic("s"));
    Stream stream = open();
    Message good = Message.signed(GossipNet.identity(7), 1, "s", new byte[] {1});
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(good.source(), good.start(), good.length());
    byte[] forged = bytes.toByteArray();
    forged[forged.length - 1] ^= 1;
    write(
        stream,
        Fragment.of(Message.decode(forged, 0, forged.length)),
        Fragment.of(good),
        Fragment.of(Message.signed(GossipNet.identity(8), 1, "s", new byte[] {2})));
    // The forgery has the id of the genuine message, which may come again.
    assertEquals(2, signed.take().data()[0]);
    GossipNet.await(() -> count(GossipCount.REJECTED) == 1);
    write(stream, Fragment.of(good));
    assertEquals(1, signed.take().data()[0]);
  }

  @Test
  void a_flood_of_topics_and_control_costs_nothing_lasting() throws Exception {
    Stream stream = open();
    write(stream, topics("t"));
    for (int i = 0; i < 200; i++) {
      String[] names = new String[100];
      for (int j = 0; j < names.length; j++) {
        names[j] = "topic " + i + " " + j;
      }
      write(stream, topics(names));
      Control control =
          new Control(
              List.of(new Control.IHave("t", Rig.ids(i * 100, 100))),
              Rig.ids(0, 100),
              List.of(names),
              List.of(),
              Rig.ids(i * 100, 100));
      for (Fragment fragment : Fragment.of(control)) {
        write(stream, fragment);
      }
    }
    GossipNet.await(() -> count(GossipCount.TOPICS_OVER_LIMIT) >= 19_901);
    assertTrue(count(GossipCount.IHAVE_OVER_LIMIT) > 0);
    assertServes();
  }

  @Test
  void a_second_stream_of_a_peer_begins_anew() throws Exception {
    Stream first = open();
    write(first, topics("t"));
    GossipNet.await(() -> node.gossipsub().topicPeers("t").size() == 1);
    Stream second = open();
    write(second, topics("u"));
    GossipNet.await(() -> node.gossipsub().topicPeers("t").isEmpty());
    write(second, topics("t"));
    GossipNet.await(() -> node.gossipsub().topicPeers("t").size() == 1);
  }

  @Test
  void our_stream_is_opened_again_a_few_times_and_then_no_more() throws Exception {
    Stream stream = open();
    write(stream, topics("t"));
    for (int i = 0; i <= PeerLink.BREAKS_MAX; i++) {
      assertGreetedAndGrafted();
      inbound.take().reset();
    }
    GossipNet.await(() -> node.gossipsub().topicPeers("t").isEmpty());
    assertEquals(1, node.host().peers().size(), "the connection stays");
    // When the peer begins anew, so do we.
    Stream again = open();
    write(again, topics("t"));
    assertEquals(List.of(new TopicChange("t", true)), heard.take().subscriptions());
    assertServes();
  }
}
