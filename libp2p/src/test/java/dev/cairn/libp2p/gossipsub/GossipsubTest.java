package dev.cairn.libp2p.gossipsub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.gossipsub.GossipNet.Node;
import dev.cairn.libp2p.host.Libp2pHost;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GossipsubTest {

  private final GossipNet net = new GossipNet();

  @AfterEach
  void close() {
    net.close();
  }

  @Test
  void a_message_of_each_of_twenty_hosts_reaches_all_others() throws Exception {
    int count = 20;
    List<Node> nodes = new ArrayList<>();
    List<Subscription> subscriptions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(net.node(i + 1));
      subscriptions.add(nodes.get(i).gossipsub().subscribe(Peers.topic("t")));
    }
    CountDownLatch deliveries = new CountDownLatch(count * (count - 1));
    subscriptions.forEach(s -> GossipNet.acceptAll(s, deliveries::countDown));
    for (int i = 0; i < count; i++) {
      GossipNet.connect(nodes.get(i).host(), nodes.get((i + 1) % count).host());
      GossipNet.connect(nodes.get(i).host(), nodes.get((i + 7) % count).host());
    }
    GossipNet.awaitPeers(nodes, "t", 4);
    for (int i = 0; i < count; i++) {
      nodes.get(i).gossipsub().publish("t", new byte[] {(byte) i});
    }
    deliveries.await();
  }

  @Test
  void only_what_was_accepted_is_forwarded() throws Exception {
    Node a = net.node(1);
    Node b = net.node(2);
    Node c = net.node(3);
    Subscription atB = b.gossipsub().subscribe(Peers.topic("t"));
    Subscription atC = c.gossipsub().subscribe(Peers.topic("t"));
    a.gossipsub().define(Peers.topic("t"));
    GossipNet.connect(a.host(), b.host());
    GossipNet.connect(b.host(), c.host());
    GossipNet.awaitPeers(List.of(a, b, c), "t", 1);
    for (byte[] data : List.of(new byte[] {1}, new byte[] {2}, new byte[] {3})) {
      a.gossipsub().publish("t", data);
    }
    GossipMessage first = atB.take();
    first.report(new Verdict.Reject("bad"));
    assertEquals(a.host().id(), first.propagatedFrom());
    assertEquals(Optional.empty(), first.author());
    assertThrows(IllegalStateException.class, () -> first.report(Verdict.ACCEPT));
    atB.take().report(new Verdict.Ignore("old"));
    atB.take().report(Verdict.ACCEPT);
    assertArrayEquals(new byte[] {3}, atC.take().data());
    assertEquals(1, b.gossipsub().metrics().get(GossipCount.REJECTED));
  }

  @Test
  void signed_messages_carry_their_author_over_several_hops() throws Exception {
    Node a = net.node(1);
    Node b = net.node(2);
    Node c = net.node(3);
    for (Node node : List.of(a, b)) {
      GossipNet.acceptAll(node.gossipsub().subscribe(Peers.signedTopic("t")), () -> {});
    }
    Subscription atC = c.gossipsub().subscribe(Peers.signedTopic("t"));
    GossipNet.connect(a.host(), b.host());
    GossipNet.connect(b.host(), c.host());
    GossipNet.awaitPeers(List.of(a, b, c), "t", 1);
    a.gossipsub().publish("t", Peers.utf8("hello"));
    // The same again is another message, because its number is another.
    a.gossipsub().publish("t", Peers.utf8("hello"));
    for (int i = 0; i < 2; i++) {
      GossipMessage message = atC.take();
      assertEquals(Optional.of(a.host().id()), message.author());
      assertEquals(b.host().id(), message.propagatedFrom());
      assertArrayEquals(Peers.utf8("hello"), message.data());
    }
  }

  @Test
  void a_block_of_a_megabyte_arrives_whole() throws Exception {
    Node a = net.node(1);
    Node b = net.node(2);
    a.gossipsub().define(Peers.topic("t"));
    Subscription atB = b.gossipsub().subscribe(Peers.topic("t"));
    GossipNet.connect(b.host(), a.host());
    GossipNet.awaitPeers(List.of(a), "t", 1);
    byte[] block = new byte[1_000_000];
    new Random(1).nextBytes(block);
    a.gossipsub().publish("t", block);
    assertArrayEquals(block, atB.take().data());
  }

  @Test
  void thousands_of_messages_at_once_arrive_each_once() throws Exception {
    Node a = net.node(1);
    Node b = net.node(2);
    a.gossipsub().define(Peers.topic("t"));
    TopicParams topic =
        new TopicParams("t", SignaturePolicy.STRICT_NO_SIGN, 1_000, 10_000, MessageIds.CONTENT);
    Subscription atB = b.gossipsub().subscribe(topic);
    GossipNet.connect(a.host(), b.host());
    GossipNet.awaitPeers(List.of(a), "t", 1);
    int count = 5_000;
    for (int i = 0; i < count; i++) {
      a.gossipsub().publish("t", Rig.numbered(i, 500).data());
    }
    Set<MessageId> ids = new HashSet<>();
    for (int i = 0; i < count; i++) {
      GossipMessage message = atB.take();
      assertTrue(ids.add(message.id()));
      message.report(Verdict.ACCEPT);
    }
  }

  @Test
  void what_the_subscriber_has_no_room_for_is_ignored_and_counted() throws Exception {
    Node a = net.node(1);
    Node b = net.node(2);
    a.gossipsub().define(Peers.topic("t"));
    b.gossipsub()
        .subscribe(
            new TopicParams("t", SignaturePolicy.STRICT_NO_SIGN, 100, 3, MessageIds.CONTENT));
    GossipNet.connect(a.host(), b.host());
    GossipNet.awaitPeers(List.of(a), "t", 1);
    for (int i = 0; i < 10; i++) {
      a.gossipsub().publish("t", new byte[] {(byte) i});
    }
    GossipNet.await(() -> b.gossipsub().metrics().get(GossipCount.IGNORED) == 7);
    assertEquals(7, b.gossipsub().metrics().get(GossipCount.QUEUE_FULL));
    assertEquals(1, b.host().peers().size(), "and held against nobody");
  }

  @Test
  void leaving_a_topic_and_closing_is_told_and_ends_the_taking() throws Exception {
    Node a = net.node(1);
    Node b = net.node(2);
    Subscription atA = a.gossipsub().subscribe(Peers.topic("t"));
    Subscription atB = b.gossipsub().subscribe(Peers.topic("t"));
    GossipNet.connect(a.host(), b.host());
    GossipNet.awaitPeers(List.of(a, b), "t", 1);
    assertThrows(IllegalStateException.class, () -> a.gossipsub().subscribe(Peers.topic("t")));
    atA.close();
    assertThrows(IllegalStateException.class, atA::take);
    GossipNet.await(() -> b.gossipsub().topicPeers("t").isEmpty());
    assertEquals(List.of(), b.gossipsub().meshPeers("t"));
    Thread taker = GossipNet.acceptAll(atB, () -> {});
    b.gossipsub().close();
    taker.join();
    // It may be joined again.
    a.gossipsub().subscribe(Peers.topic("t")).close();
  }

  @Test
  void a_peer_that_comes_back_is_heard_and_reached_again() throws Exception {
    Node a = net.node(1);
    Subscription atA = a.gossipsub().subscribe(Peers.topic("t"));
    for (int round = 0; round < 3; round++) {
      Node b = net.node(2);
      Subscription atB = b.gossipsub().subscribe(Peers.topic("t"));
      GossipNet.connect(b.host(), a.host());
      GossipNet.awaitPeers(List.of(a, b), "t", 1);
      b.gossipsub().publish("t", new byte[] {1, (byte) round});
      assertArrayEquals(new byte[] {1, (byte) round}, atA.take().data());
      a.gossipsub().publish("t", new byte[] {2, (byte) round});
      assertArrayEquals(new byte[] {2, (byte) round}, atB.take().data());
      b.close();
      GossipNet.await(() -> a.gossipsub().topicPeers("t").isEmpty());
    }
  }

  @Test
  void publishing_has_its_conditions() throws Exception {
    Gossipsub gossipsub = net.node(1).gossipsub();
    assertThrows(IllegalArgumentException.class, () -> gossipsub.publish("t", new byte[1]));
    gossipsub.define(
        new TopicParams("t", SignaturePolicy.STRICT_NO_SIGN, 10, 1, MessageIds.CONTENT));
    gossipsub.publish("t", new byte[10]);
    assertThrows(IllegalArgumentException.class, () -> gossipsub.publish("t", new byte[11]));
  }

  @Test
  void a_host_that_speaks_no_gossipsub_is_left_alone() throws Exception {
    Node a = net.node(1);
    Node b = net.node(2);
    Libp2pHost other = net.host(3);
    Subscription atA = a.gossipsub().subscribe(Peers.topic("t"));
    b.gossipsub().subscribe(Peers.topic("t"));
    GossipNet.connect(other, a.host());
    GossipNet.connect(b.host(), a.host());
    GossipNet.awaitPeers(List.of(a, b), "t", 1);
    b.gossipsub().publish("t", new byte[1]);
    atA.take();
    assertEquals(List.of(b.host().id()), a.gossipsub().topicPeers("t"));
    assertEquals(2, a.host().peers().size());
  }
}
