package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KadMachineTest {

  private static final PeerAddresses ONE = Kads.peer(1);
  private static final PeerAddresses TWO = Kads.peer(2);
  private static final PeerAddresses THREE = Kads.peer(3);
  private static final KadKey CONTENT = KadKey.of(Kads.content(1));

  private static KadMessage findNode(PeerAddresses peer) {
    return KadMessage.ask(KadMessage.Type.FIND_NODE, peer.key());
  }

  private static List<KadResult> results(MachineRig rig) {
    return rig.drain(KadEffect.Done.class).stream().map(KadEffect.Done::result).toList();
  }

  @Test
  void a_peer_gets_into_the_table_when_it_has_answered() {
    MachineRig rig = new MachineRig();
    rig.give(new KadInput.Serves(ONE, Kads.remote(ONE)));
    assertEquals(List.of(), rig.table());
    KadEffect.Request probe = rig.requests().getFirst();
    assertEquals(findNode(MachineRig.SELF), probe.question());
    rig.answer(probe, List.of());
    assertEquals(List.of(ONE.peer()), rig.table());
    rig.give(new KadInput.Serves(TWO, Kads.remote(TWO)));
    rig.fail(rig.requests().getFirst());
    assertEquals(List.of(ONE.peer()), rig.table());
    rig.give(new KadInput.ServesNot(ONE.peer()));
    assertEquals(List.of(), rig.table());
  }

  @Test
  void the_first_peers_make_it_look_for_more() {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    rig.until(2 * Kads.SECOND);
    KadEffect.Request lookup = rig.requests().getFirst();
    assertEquals(findNode(MachineRig.SELF), lookup.question());
    rig.answer(lookup, List.of(TWO));
    assertEquals(TWO, rig.requests().getFirst().to());
  }

  @Test
  void finds_a_peer_and_proves_it() {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    rig.give(new KadInput.FindPeer(7, THREE.peer()));
    KadEffect.Request first = rig.requests().getFirst();
    assertEquals(findNode(THREE), first.question());
    rig.answer(first, List.of(TWO, THREE));
    List<KadEffect.Request> next = rig.requests();
    assertEquals(THREE, next.getFirst().to());
    rig.answer(next.getFirst(), List.of());
    assertEquals(
        List.of(new KadEffect.Done(7, new KadResult.Peer(Optional.of(THREE)), 1, 3)),
        rig.drain(KadEffect.Done.class));
  }

  @Test
  void finds_a_client_that_can_be_reached() {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    rig.give(new KadInput.FindPeer(7, THREE.peer()));
    rig.answer(rig.requests().getFirst(), List.of(THREE));
    KadEffect.Request last = rig.requests().getFirst();
    rig.give(new KadInput.Failed(last.id(), true, THREE.addresses()));
    assertEquals(List.of(new KadResult.Peer(Optional.of(THREE))), results(rig));
    assertFalse(rig.table().contains(THREE.peer()), "a client is not in the table");
  }

  @Test
  void finds_nobody_when_nobody_knows() {
    MachineRig rig = new MachineRig();
    rig.give(new KadInput.FindPeer(7, THREE.peer()));
    rig.meet(ONE);
    rig.give(new KadInput.FindPeer(8, THREE.peer()));
    rig.answer(rig.requests().getFirst(), List.of());
    KadResult none = new KadResult.Peer(Optional.empty());
    assertEquals(List.of(none, none), results(rig));
  }

  @Test
  void a_silent_peer_ends_its_request_and_then_the_lookup() {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    rig.give(new KadInput.FindClosest(7, CONTENT));
    assertEquals(1, rig.requests().size());
    rig.until(KadParams.STANDARD.lookup().requestTimeout().toNanos());
    assertEquals(List.of(new KadResult.Closest(List.of())), results(rig));
    assertTrue(rig.counts.get(KadCount.REQUESTS_TIMED_OUT) > 0);
  }

  @Test
  void a_row_of_lookups_that_find_nobody_ends_on_a_small_stack() throws InterruptedException {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    int most = KadParams.STANDARD.lookup().runningMax() + KadParams.STANDARD.lookup().waitingMax();
    for (int i = 1; i <= most; i++) {
      rig.give(new KadInput.FindClosest(i, CONTENT));
    }
    rig.give(new KadInput.ServesNot(ONE.peer()));
    KadEffect.Request first = rig.requests().getFirst();
    Thread small = new Thread(null, () -> rig.fail(first), "small", 192 * 1024);
    small.start();
    small.join();
    assertTrue(results(rig).size() > KadParams.STANDARD.lookup().waitingMax());
  }

  @Test
  void tells_who_provides_and_takes_it_from_the_provider_alone() {
    MachineRig rig = new MachineRig();
    assertTrue(rig.tell(ONE, KadMessage.addProvider(CONTENT, ONE)));
    assertFalse(rig.tell(ONE, KadMessage.addProvider(CONTENT, TWO)));
    assertFalse(rig.tell(ONE, KadMessage.addProvider(Kads.key("no hash"), ONE)));
    KadMessage answer =
        rig.ask(THREE, KadMessage.ask(KadMessage.Type.GET_PROVIDERS, CONTENT)).orElseThrow();
    assertEquals(List.of(ONE), answer.providers());
    assertTrue(
        rig.ask(THREE, KadMessage.ask(KadMessage.Type.GET_PROVIDERS, Kads.key("x"))).isEmpty());
    rig.give(new KadInput.Provide(7, CONTENT));
    answer = rig.ask(THREE, KadMessage.ask(KadMessage.Type.GET_PROVIDERS, CONTENT)).orElseThrow();
    assertEquals(List.of(MachineRig.SELF, ONE), answer.providers());
  }

  @Test
  void one_answer_fills_a_quarter_of_a_search_and_the_rest_waits() {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    rig.meet(TWO);
    rig.give(new KadInput.FindProviders(7, CONTENT, 8));
    List<KadEffect.Request> requests = rig.requests();
    List<PeerAddresses> liars = new ArrayList<>();
    for (int i = 100; i < 164; i++) {
      liars.add(Kads.peer(i));
    }
    rig.answer(requests.get(0), withProviders(requests.get(0), liars));
    assertEquals(2, rig.drain(KadEffect.Found.class).size());
    rig.answer(requests.get(1), withProviders(requests.get(1), List.of(THREE)));
    List<KadEffect.Found> found = rig.drain(KadEffect.Found.class);
    assertEquals(new KadEffect.Found(7, THREE), found.getFirst());
    assertEquals(6, found.size(), "what was left over comes at the end");
    assertEquals(List.of(new KadResult.Complete()), results(rig));
  }

  private static KadMessage withProviders(
      KadEffect.Request request, List<PeerAddresses> providers) {
    KadMessage question = request.question();
    return new KadMessage(question.type(), question.key(), Optional.empty(), List.of(), providers);
  }

  @Test
  void addresses_of_our_own_computer_are_neither_told_nor_followed_from_afar() {
    MachineRig rig = new MachineRig();
    PeerAddresses local = Kads.peer(5, "127.0.0.1");
    PeerAddresses next = Kads.peer(6, "192.168.1.7");
    rig.meet(local);
    rig.meet(next);
    rig.meet(ONE);
    assertEquals(List.of(ONE), rig.ask(TWO, findNode(THREE)).orElseThrow().closer());
    List<PeerAddresses> toLocal = rig.ask(local, findNode(THREE)).orElseThrow().closer();
    assertEquals(2, toLocal.size(), "all but itself");
    rig.give(new KadInput.FindClosest(7, CONTENT));
    for (KadEffect.Request request : rig.requests()) {
      if (request.to().equals(ONE)) {
        rig.answer(request, List.of(Kads.peer(8, "127.0.0.1"), Kads.peer(9, "10.0.0.1")));
      } else {
        rig.fail(request);
      }
    }
    assertEquals(List.of(), rig.requests());
  }

  @Test
  void a_client_answers_nothing() {
    MachineRig rig = new MachineRig(KadParams.STANDARD.withMode(KadMode.CLIENT));
    assertTrue(rig.ask(ONE, findNode(TWO)).isEmpty());
    rig.give(new KadInput.Mode(KadMode.SERVER));
    assertTrue(rig.ask(ONE, findNode(TWO)).isPresent());
  }

  @Test
  void whoever_looks_for_us_is_told_where_we_are() {
    MachineRig rig = new MachineRig();
    KadMessage answer = rig.ask(ONE, findNode(MachineRig.SELF)).orElseThrow();
    assertEquals(List.of(MachineRig.SELF), answer.closer());
  }

  @Test
  void an_answer_to_another_question_counts_as_none() {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    rig.give(new KadInput.GetValue(7, Kads.key("/pk/x")));
    rig.answer(rig.requests().getFirst(), findNode(ONE).closer(List.of(TWO)));
    assertEquals(1, rig.drain(KadEffect.Misled.class).size());
    assertEquals(List.of(), rig.requests());
    assertEquals(List.of(new KadResult.Value(Optional.empty())), results(rig));
  }

  @Test
  void lookups_over_the_limit_wait_and_then_are_refused() {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    LookupParams limits = KadParams.STANDARD.lookup();
    int all = limits.runningMax() + limits.waitingMax();
    for (int i = 1; i <= all; i++) {
      rig.give(new KadInput.FindClosest(i, Kads.key("k" + i)));
    }
    assertEquals(limits.runningMax(), rig.requests().size());
    assertEquals(List.of(), results(rig));
    rig.give(new KadInput.FindClosest(all + 1, Kads.key("one more")));
    assertTrue(results(rig).getFirst() instanceof KadResult.Refused);
    rig.give(new KadInput.Cancel(1));
    assertEquals(1, rig.requests().size(), "one that waited takes the place");
  }

  @Test
  void peers_that_were_good_are_tried_a_few_at_a_time() {
    MachineRig rig = new MachineRig();
    List<PeerAddresses> peers = new ArrayList<>();
    for (int i = 1; i <= 2_000; i++) {
      peers.add(Kads.peer(i));
    }
    rig.give(new KadInput.Restore(peers));
    int asked = 0;
    List<KadEffect.Request> requests = rig.requests();
    assertEquals(Probes.RUNNING_MAX, requests.size());
    while (!requests.isEmpty()) {
      asked += requests.size();
      requests.forEach(rig::fail);
      requests = rig.requests();
    }
    assertEquals(Probes.RUNNING_MAX + Probes.WAITING_MAX, asked);
  }

  @Test
  void a_bootstrap_looks_up_the_own_key_and_one_in_each_bucket() {
    MachineRig rig = new MachineRig();
    for (int i = 1; i <= 60; i++) {
      rig.meet(Kads.peer(i));
    }
    rig.give(new KadInput.Bootstrap(7));
    List<Integer> prefixes = new ArrayList<>();
    List<KadEffect.Request> requests = rig.requests();
    while (!requests.isEmpty()) {
      for (KadEffect.Request request : requests) {
        int prefix = MachineRig.SELF.key().commonPrefix(request.question().key());
        if (!prefixes.contains(prefix)) {
          prefixes.add(prefix);
        }
        rig.answer(request, List.of());
      }
      requests = rig.requests();
    }
    assertEquals(256, prefixes.getFirst());
    assertTrue(prefixes.containsAll(List.of(0, 1, 2, 3)), prefixes.toString());
    assertEquals(List.of(new KadResult.Complete()), results(rig));
  }

  @Test
  void the_own_addresses_are_told_as_they_are_now() {
    MachineRig rig = new MachineRig();
    List<Multiaddr> moved = List.of(Multiaddr.parse("/ip4/150.9.9.9/tcp/1"));
    rig.give(new KadInput.Listening(moved));
    KadMessage answer = rig.ask(ONE, findNode(MachineRig.SELF)).orElseThrow();
    assertEquals(moved, answer.closer().getFirst().addresses());
  }
}
