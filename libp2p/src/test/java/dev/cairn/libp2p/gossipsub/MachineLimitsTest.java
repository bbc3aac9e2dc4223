package dev.cairn.libp2p.gossipsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Now;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What one peer can make the machine do or hold, each with the control that another limit shows.
class MachineLimitsTest {

  private static final GossipLimits S = GossipLimits.STANDARD;
  private static final HistoryParams H = HistoryParams.STANDARD;

  private static Rig subscribed(GossipParams params, String... peers) {
    Rig rig = new Rig(params);
    rig.give(new GossipInput.Subscribe(Peers.topic("t")));
    rig.join(peers);
    for (String peer : peers) {
      rig.topics(peer, "t");
    }
    rig.effects.clear();
    return rig;
  }

  private static GossipParams limits(int peers, int topics, int ihaves, int ids, int answers) {
    return Rig.limits(
        new GossipLimits(
            peers,
            topics,
            S.subscriptionsPerRpcMax(),
            S.messagesPerRpcMax(),
            S.controlsPerRpcMax(),
            S.idsPerRpcMax(),
            ihaves,
            ids,
            S.asksPerIdMax(),
            answers,
            S.idontwantsMax(),
            S.rejectsMax(),
            S.rejectsHeartbeats()));
  }

  private static final GossipParams WIDE = limits(10_000, 10_000, 10_000, 1_000_000, 1_000);

  private static GossipParams history(int seen, int pending, long pendingBytes, long cacheBytes) {
    return Rig.history(
        new HistoryParams(
            H.heartbeat(),
            H.windows(),
            H.gossipWindows(),
            cacheBytes,
            H.seenTtl(),
            seen,
            pending,
            pendingBytes,
            H.verdictMax(),
            H.fanoutTtl()));
  }

  private static int topicsKnown(GossipParams params) {
    Rig rig = new Rig(params);
    rig.join("a");
    for (int i = 0; i < 300; i++) {
      rig.topics("a", "topic " + i);
    }
    assertEquals(0, rig.machine.holdings().topics(), "a peer makes no topics");
    for (int i = 0; i < 300; i++) {
      rig.give(new GossipInput.Define(Peers.topic("topic " + i)));
    }
    int known = 0;
    for (TopicPeers peers : rig.machine.topicPeers().values()) {
      known += peers.peers().size();
    }
    return known;
  }

  @Test
  void a_peer_takes_part_in_so_many_topics() {
    assertEquals(100, topicsKnown(GossipParams.STANDARD));
    assertEquals(300, topicsKnown(WIDE));
  }

  /// How many ids a peer is told that another peer says it has served; no more are kept for it.
  private static int told(GossipParams params) {
    Rig rig = subscribed(params, "a", "b");
    for (int i = 0; i < 300; i++) {
      Message message = Rig.numbered(i, 10);
      MessageId id = MessageIds.CONTENT.of(message);
      Set<PeerId> served = Set.of(Peers.peer("b"));
      rig.give(new GossipInput.Accepted(Peers.peer("a"), message, id, served));
    }
    int owed = rig.machine.holdings().owed();
    rig.effects.clear();
    rig.heartbeat();
    assertEquals(0, rig.machine.holdings().owed());
    int told = idsTold(rig, "b");
    assertEquals(owed, told);
    return told;
  }

  private static int idsTold(Rig rig, String peer) {
    return rig.take(GossipEffect.SendControl.class).stream()
        .filter(send -> send.to().equals(Peers.peer(peer)))
        .flatMap(send -> send.control().ihave().stream())
        .mapToInt(ihave -> ihave.ids().size())
        .sum();
  }

  @Test
  void a_peer_is_told_of_so_many_messages_that_others_served_it() {
    assertEquals(100, told(limits(10, 10, 10, 100, 3)));
    assertEquals(300, told(WIDE));
  }

  @Test
  void topics_that_are_left_make_room() {
    Rig rig = new Rig(GossipParams.STANDARD);
    rig.join("a");
    for (int i = 0; i < 1_000; i++) {
      TopicChange leave = new TopicChange("topic " + (i - 50), false);
      rig.give(new GossipInput.Received(Peers.peer("a"), List.of(leave), List.of(), Control.NONE));
      rig.topics("a", "topic " + i);
    }
    assertEquals(0, rig.metrics.get(GossipCount.TOPICS_OVER_LIMIT));
    assertEquals(50, rig.machine.holdings().marks());
  }

  private static int peersKnown(GossipParams params) {
    Rig rig = new Rig(params);
    for (int i = 0; i < 2_000; i++) {
      rig.join("peer " + i);
    }
    return rig.machine.holdings().peers();
  }

  @Test
  void so_many_peers_take_part() {
    assertEquals(1_024, peersKnown(GossipParams.STANDARD));
    assertEquals(2_000, peersKnown(WIDE));
  }

  private static int ihavesRead(GossipParams params) {
    Rig rig = subscribed(params, "a");
    int read = 0;
    for (int i = 0; i < 30; i++) {
      rig.ihave("a", "t", Rig.ids(i, 1));
      read += rig.asked().size();
    }
    return read;
  }

  @Test
  void a_peer_has_so_many_ihaves_read_in_a_heartbeat() {
    assertEquals(10, ihavesRead(GossipParams.STANDARD));
    assertEquals(30, ihavesRead(WIDE));
    Rig rig = subscribed(GossipParams.STANDARD, "a");
    for (int i = 0; i < 30; i++) {
      rig.ihave("a", "t", Rig.ids(i, 1));
    }
    rig.heartbeat();
    rig.effects.clear();
    rig.ihave("a", "t", Rig.ids(100, 1));
    assertEquals(1, rig.asked().size(), "and again in the next");
  }

  private static int idsAsked(GossipParams params) {
    Rig rig = subscribed(params, "a");
    rig.ihave("a", "t", Rig.ids(0, 4_000));
    rig.ihave("a", "t", Rig.ids(4_000, 4_000));
    return new HashSet<>(rig.asked()).size();
  }

  @Test
  void a_peer_is_asked_for_so_many_ids_in_a_heartbeat() {
    assertEquals(5_000, idsAsked(GossipParams.STANDARD));
    assertEquals(8_000, idsAsked(WIDE));
  }

  @Test
  void no_more_than_so_many_ids_are_waited_for() {
    Rig rig = subscribed(WIDE, "a");
    for (int i = 0; i < 12; i++) {
      rig.ihave("a", "t", Rig.ids(i * 5_000, 5_000));
    }
    assertEquals(LazyGossip.ASKED_MAX, rig.machine.holdings().asked());
    for (int i = 0; i < 4; i++) {
      rig.heartbeat();
    }
    assertEquals(0, rig.machine.holdings().asked(), "and it is forgotten");
  }

  private static int answers(GossipParams params) {
    Rig rig = subscribed(params, "a");
    Message message = Rig.numbered(1, 10);
    rig.give(new GossipInput.Publish(message, MessageIds.CONTENT.of(message)));
    rig.effects.clear();
    for (int i = 0; i < 10; i++) {
      rig.iwant("a", List.of(MessageIds.CONTENT.of(message)));
    }
    return rig.take(GossipEffect.SendMessage.class).size();
  }

  @Test
  void a_message_is_given_so_often_to_who_asks() {
    assertEquals(3, answers(GossipParams.STANDARD));
    assertEquals(10, answers(WIDE));
  }

  private static int idsTold(GossipParams params) {
    String[] peers = new String[20];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = "peer " + i;
    }
    Rig rig = subscribed(params, peers);
    for (int i = 0; i < 6_000; i++) {
      Message message = Rig.numbered(i, 10);
      rig.give(new GossipInput.Publish(message, MessageIds.CONTENT.of(message)));
    }
    rig.effects.clear();
    rig.heartbeat();
    int most = 0;
    for (GossipEffect.SendControl send : rig.take(GossipEffect.SendControl.class)) {
      int ids = send.control().ihave().stream().mapToInt(part -> part.ids().size()).sum();
      most = Math.max(most, ids);
    }
    return most;
  }

  @Test
  void a_peer_is_told_of_so_many_messages_in_a_heartbeat() {
    assertEquals(5_000, idsTold(GossipParams.STANDARD));
    assertEquals(6_000, idsTold(WIDE));
  }

  private static Rig flooded(GossipParams params, int bytes) {
    Rig rig = subscribed(params, "a", "b");
    for (int i = 0; i < 1_000; i++) {
      rig.message("a", Rig.numbered(i, bytes));
    }
    return rig;
  }

  @Test
  void so_many_messages_wait_for_a_verdict() {
    Rig rig = flooded(history(30_000, 100, 1L << 30, 1L << 30), 100);
    assertEquals(100, rig.machine.holdings().pending());
    assertEquals(900, rig.metrics.get(GossipCount.PENDING_FULL));
    assertEquals(100, rig.machine.holdings().seen(), "what is not taken may come again");
    assertEquals(1_000, flooded(GossipParams.STANDARD, 100).machine.holdings().pending());
    for (GossipEffect.Deliver deliver : rig.take(GossipEffect.Deliver.class)) {
      rig.give(new GossipInput.Report(deliver.id(), Verdict.ACCEPT));
    }
    assertEquals(0, rig.machine.holdings().pending());
    assertEquals(0, rig.machine.holdings().pendingBytes());
    rig.message("b", Rig.numbered(999, 100));
    assertEquals(1, rig.machine.holdings().pending());
  }

  @Test
  void so_many_bytes_wait_for_a_verdict() {
    Rig rig = flooded(history(30_000, 10_000, 1L << 20, 1L << 30), 10_000);
    assertTrue(rig.machine.holdings().pendingBytes() <= 1 << 20);
    assertEquals(104, rig.machine.holdings().pending());
  }

  @Test
  void the_cache_has_a_bound_in_bytes() {
    Rig rig = flooded(history(30_000, 10_000, 1L << 30, 100_000), 1_000);
    for (GossipEffect.Deliver deliver : rig.take(GossipEffect.Deliver.class)) {
      rig.give(new GossipInput.Report(deliver.id(), Verdict.ACCEPT));
    }
    assertTrue(rig.machine.holdings().cacheBytes() <= 100_000);
    assertTrue(rig.machine.holdings().cacheBytes() > 98_000);
  }

  @Test
  void the_ids_seen_have_a_bound() {
    Rig rig = flooded(history(300, 10_000, 1L << 30, 1L << 30), 10);
    assertTrue(rig.machine.holdings().seen() <= 300, "" + rig.machine.holdings().seen());
    assertEquals(1_000, flooded(GossipParams.STANDARD, 10).machine.holdings().seen());
  }

  @Test
  void a_peer_says_of_so_many_messages_that_it_does_not_want_them() {
    Rig rig = subscribed(GossipParams.STANDARD, "a");
    for (int i = 0; i < 10; i++) {
      rig.idontwant("a", Rig.ids(i * 1_000, 1_000));
    }
    assertEquals(1_000, rig.machine.holdings().unwanted());
    for (int i = 0; i < 3; i++) {
      rig.heartbeat();
    }
    assertEquals(0, rig.machine.holdings().unwanted());
  }

  @Test
  void backoffs_of_peers_that_come_and_go_have_a_bound() {
    Rig rig = subscribed(GossipParams.STANDARD);
    for (int i = 0; i < 5_000; i++) {
      String name = "peer " + i;
      rig.join(name);
      rig.topics(name, "t");
      rig.control(
          name,
          new Control(
              List.of(), List.of(), List.of(), List.of(new Control.Prune("t", 60)), List.of()));
      rig.give(new GossipInput.Left(Peers.peer(name)));
    }
    assertEquals(4_096, rig.machine.holdings().backoffs());
    rig.nanos += Duration.ofSeconds(63).toNanos();
    rig.machine.tick(new Now(rig.nanos, 0), rig.effects::add);
    assertEquals(0, rig.machine.holdings().backoffs());
  }

  @Test
  void a_message_over_the_topics_limit_is_rejected() {
    Rig rig = subscribed(GossipParams.STANDARD, "a");
    rig.message("a", Message.unsigned("t", new byte[1_000_000]));
    assertEquals(1, rig.take(GossipEffect.Deliver.class).size());
    rig.message("a", Message.unsigned("t", new byte[1_000_001]));
    assertEquals(1, rig.take(GossipEffect.Rejected.class).size());
  }

  @Test
  void a_spoilt_copy_does_not_keep_the_genuine_message_out() {
    Rig rig = subscribed(GossipParams.STANDARD, "a", "b");
    var author = Identity.of(Ed25519Key.fromSeed(new byte[32]));
    rig.message("a", Message.signed(author, 1, "t", new byte[] {1}));
    assertEquals(1, rig.take(GossipEffect.Rejected.class).size());
    rig.message("b", Message.unsigned("t", new byte[] {1}));
    assertEquals(1, rig.take(GossipEffect.Deliver.class).size());
  }

  @Test
  void inbound_peers_cannot_fill_a_mesh_beyond_its_high_mark() {
    String[] peers = new String[40];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = "peer " + i;
    }
    Rig rig = subscribed(GossipParams.STANDARD, peers);
    for (String peer : peers) {
      rig.graft(peer, "t");
    }
    assertEquals(12, rig.mesh("t").size());
    assertEquals(28, rig.metrics.get(GossipCount.GRAFT_REFUSED));
  }
}
