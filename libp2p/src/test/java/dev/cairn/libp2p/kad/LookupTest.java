package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LookupTest {

  private static final KadKey TARGET = Kads.key("target");

  private static List<PeerAddresses> peers(int from, int count) {
    List<PeerAddresses> peers = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      peers.add(Kads.peer(i));
    }
    peers.sort(Comparator.comparing(PeerAddresses::key, TARGET::compareDistance));
    return peers;
  }

  private static Lookup lookup(List<PeerAddresses> seeds, LookupParams params) {
    return new Lookup(Kads.id(0), TARGET, seeds, params, TableParams.STANDARD);
  }

  private static List<PeerAddresses> asked(Lookup lookup) {
    List<PeerAddresses> asked = new ArrayList<>();
    Optional<PeerAddresses> next = lookup.next();
    while (next.isPresent()) {
      asked.add(next.get());
      next = lookup.next();
    }
    return asked;
  }

  private static boolean answer(Lookup lookup, PeerAddresses from, List<PeerAddresses> closer) {
    return lookup.answered(from.peer(), Kads.remote(from), closer);
  }

  @Test
  void at_most_alpha_requests_are_in_flight_and_none_twice() {
    Lookup lookup = lookup(peers(1, 20), LookupParams.STANDARD);
    List<PeerAddresses> first = asked(lookup);
    assertEquals(LookupParams.STANDARD.alpha(), first.size());
    answer(lookup, first.getFirst(), peers(1, 20));
    List<PeerAddresses> second = asked(lookup);
    assertEquals(1, second.size());
    assertFalse(first.contains(second.getFirst()));
  }

  @Test
  void it_ends_when_the_nearest_have_answered() {
    List<PeerAddresses> all = peers(1, 300);
    Lookup lookup = lookup(all.subList(280, 300), LookupParams.STANDARD);
    List<PeerAddresses> pending = asked(lookup);
    while (!pending.isEmpty()) {
      PeerAddresses from = pending.removeFirst();
      int at = all.indexOf(from);
      int near = Math.max(0, at - 60);
      answer(lookup, from, all.subList(near, Math.min(near + 20, all.size())));
      pending.addAll(asked(lookup));
    }
    assertTrue(lookup.finished());
    assertEquals(all.subList(0, 20), lookup.closest(20));
    assertTrue(lookup.requests() < 120, lookup.requests() + " requests");
  }

  @Test
  void a_path_does_not_hear_what_another_one_was_told() {
    List<PeerAddresses> seeds = peers(1, 4);
    Lookup lookup = lookup(seeds, LookupParams.STANDARD);
    assertEquals(seeds, asked(lookup));
    answer(lookup, seeds.getFirst(), peers(100, 20));
    // The other paths have nobody left: only the first path's share of alpha goes out.
    assertEquals(LookupParams.STANDARD.pathAlpha(), asked(lookup).size());
  }

  @Test
  void one_liar_misleads_its_path_alone() {
    assertTrue(honestAskedBesideLiar(4) >= 15);
    assertEquals(3, honestAskedBesideLiar(1), "with one path the liar's peers come first");
  }

  /// Seeds are four honest peers but the nearest one, which tells of peers nearer than all.
  private static int honestAskedBesideLiar(int paths) {
    List<PeerAddresses> seeds = peers(1, 4);
    List<PeerAddresses> far = peers(1_000, 60).subList(40, 60);
    List<PeerAddresses> bogus = peers(10_000, 4_000).subList(0, 20);
    Lookup lookup = lookup(seeds, LookupParams.STANDARD.with(paths, 2));
    PeerAddresses liar = seeds.getFirst();
    Set<PeerAddresses> honest = new LinkedHashSet<>();
    List<PeerAddresses> pending = asked(lookup);
    for (int i = 0; i < 26 && !pending.isEmpty(); i++) {
      PeerAddresses from = pending.removeFirst();
      boolean lies = from.equals(liar) || bogus.contains(from);
      if (!lies) {
        honest.add(from);
      }
      answer(lookup, from, lies ? bogus : far);
      pending.addAll(asked(lookup));
    }
    return honest.size();
  }

  @Test
  void one_that_tells_of_peers_that_do_not_answer_loses_the_rest() {
    assertEquals(LookupParams.STANDARD.bogusPerPeerMax() + 2, bogusAsked(2));
    assertEquals(20, bogusAsked(100), "negative control");
  }

  private static int bogusAsked(int spare) {
    LookupParams s = LookupParams.STANDARD;
    LookupParams params =
        new LookupParams(
            s.alpha(),
            s.paths(),
            s.requestsMax(),
            s.pathRequestsMax(),
            s.candidatesMax(),
            s.pathCandidatesMax(),
            s.bogusPerPeerMax() - 2 + spare,
            s.groupMax(),
            s.quorum(),
            s.requestTimeout(),
            s.timeout(),
            s.runningMax(),
            s.waitingMax());
    PeerAddresses liar = Kads.peer(1);
    Lookup lookup = lookup(List.of(liar), params);
    asked(lookup);
    answer(lookup, liar, peers(100, 20));
    int failed = 0;
    List<PeerAddresses> pending = asked(lookup);
    while (!pending.isEmpty()) {
      lookup.failed(pending.removeFirst().peer());
      failed++;
      pending.addAll(asked(lookup));
    }
    assertTrue(lookup.finished());
    return failed;
  }

  @Test
  void few_answers_of_one_network_are_heard() {
    assertEquals(2, heardOfOneNetwork(2));
    assertEquals(20, heardOfOneNetwork(1_000), "negative control");
  }

  private static int heardOfOneNetwork(int groupMax) {
    List<PeerAddresses> same = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      same.add(Kads.peer(i, "66.1.1." + i));
    }
    Lookup lookup = lookup(same, LookupParams.STANDARD.with(4, groupMax));
    int heard = 0;
    List<PeerAddresses> pending = asked(lookup);
    while (!pending.isEmpty()) {
      heard += answer(lookup, pending.removeFirst(), List.of()) ? 1 : 0;
      pending.addAll(asked(lookup));
    }
    return heard;
  }

  @Test
  void an_address_told_by_a_liar_does_not_hide_the_right_one() {
    List<PeerAddresses> seeds = peers(1, 2);
    PeerAddresses wanted = Kads.peer(77);
    List<Multiaddr> wrong = new ArrayList<>();
    for (int i = 0; i < PeerAddresses.ADDRESSES_MAX; i++) {
      wrong.add(Multiaddr.parse("/ip4/203.0.113." + (i + 1) + "/tcp/9"));
    }
    Lookup lookup = lookup(seeds, LookupParams.STANDARD);
    asked(lookup);
    answer(lookup, seeds.get(0), List.of(PeerAddresses.of(wanted.peer(), wrong)));
    answer(lookup, seeds.get(1), List.of(wanted));
    PeerAddresses asked = asked(lookup).getFirst();
    assertTrue(asked.addresses().containsAll(wanted.addresses()), asked.toString());
  }

  @Test
  void one_that_failed_at_a_wrong_address_is_asked_again_at_another() {
    List<PeerAddresses> seeds = peers(1, 2);
    PeerAddresses wanted = Kads.peer(77);
    Lookup lookup = lookup(seeds, LookupParams.STANDARD);
    asked(lookup);
    answer(lookup, seeds.get(0), List.of(Kads.peer(77, "203.0.113.1")));
    assertEquals(wanted.peer(), asked(lookup).getFirst().peer());
    lookup.failed(wanted.peer());
    answer(lookup, seeds.get(1), List.of(wanted));
    assertEquals(List.of(wanted), asked(lookup));
    lookup.failed(wanted.peer());
    assertTrue(lookup.finished());
  }

  @Test
  void requests_of_a_lookup_are_bounded() {
    LookupParams params = LookupParams.STANDARD;
    Lookup lookup = lookup(peers(1, 20), params);
    int next = 100;
    List<PeerAddresses> pending = asked(lookup);
    while (!pending.isEmpty()) {
      // Ever new peers, each nearer than those before, as far as there are such.
      answer(lookup, pending.removeFirst(), peers(next, 400).subList(0, 20));
      next += 400;
      pending.addAll(asked(lookup));
    }
    assertTrue(lookup.finished());
    assertTrue(lookup.requests() <= params.requestsMax(), lookup.requests() + " requests");
  }
}
