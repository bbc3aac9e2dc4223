package dev.cairn.node.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Multiaddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void dials_who_is_found_asks_it_and_keeps_it() {
    Rig rig = new Rig();
    assertEquals("", rig.start());
    assertEquals("dial a", rig.found(Source.LOCAL, "a", "10.0.0.1"));
    assertEquals("protect a; ask a", rig.up("a", true, "10.0.0.1", true));
    assertEquals(1, rig.view().outbound());
    assertEquals(List.of(rig.peer("a")), rig.view().anchors());
    assertEquals("save", rig.pass(Duration.ofSeconds(2)).replaceAll("; ask a|ask a; ", ""));
    rig.pass(Duration.ofSeconds(10));
    assertEquals("unprotect a; dial a", rig.gone("a"));
  }

  @Test
  void a_peer_that_hangs_up_at_once_is_not_dialled_at_once() {
    Rig rig = new Rig();
    rig.found(Source.LOCAL, "a", "10.0.0.1");
    rig.up("a", true, "10.0.0.1", true);
    assertEquals("unprotect a", rig.gone("a"));
    assertEquals("dial a", dials(rig.pass(SECOND)));
  }

  @Test
  void backs_off_after_each_failure_and_comes_back() {
    Rig rig = new Rig();
    rig.up("friend", false, "203.0.113.1", true);
    assertEquals("dial a", rig.found(Source.DHT, "a", "198.51.100.1"));
    assertEquals("", rig.failed("a"));
    assertEquals("", dials(rig.pass(Duration.ofMillis(2_400))));
    assertEquals("dial a", dials(rig.pass(Duration.ofMillis(2_600))));
    assertEquals("", rig.failed("a"));
    assertEquals("", dials(rig.pass(Duration.ofMillis(4_900))));
    assertEquals("dial a", dials(rig.pass(Duration.ofMillis(5_100))));
    rig.failed("a");
    rig.pass(Duration.ofSeconds(21));
    rig.failed("a");
    assertEquals(0, rig.view().bySource().get(Source.DHT), "four failures, and it is forgotten");
  }

  @Test
  void a_node_that_is_cut_off_forgets_nobody_and_goes_on_trying() {
    Rig rig = new Rig();
    rig.found(Source.DHT, "a", "198.51.100.1");
    int dials = 0;
    for (int i = 0; i < 100; i++) {
      rig.failed("a");
      dials += dials(rig.pass(Duration.ofSeconds(31))).isEmpty() ? 0 : 1;
    }
    assertEquals(100, dials);
    assertEquals(1, rig.view().heard());
  }

  @Test
  void a_region_gets_one_place_and_others_come_first() {
    Rig rig = new Rig();
    List<Told> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rig.peer("evil" + i);
      many.add(Rig.told("evil" + i, 1, "198.51." + i + ".1"));
    }
    rig.peer("honest");
    many.add(Rig.told("honest", 1, "203.0.113.1"));
    String first = rig.step(new DiscoveryInput.Found(Source.DHT, Optional.empty(), many));
    assertEquals(1, count(first, "dial evil"), first);
    assertEquals(1, count(first, "dial honest"), first);
  }

  @Test
  void without_others_a_region_gets_all_but_the_places_kept_free() {
    Rig rig = new Rig();
    List<Told> many = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      rig.peer("e" + i);
      many.add(Rig.told("e" + i, 1, "198.51." + i + ".1"));
    }
    String effects = rig.step(new DiscoveryInput.Found(Source.DHT, Optional.empty(), many));
    assertEquals(1, count(effects, "dial"), effects);
    answerAll(rig, effects, 16);
    assertEquals(1, rig.view().outbound(), "others are looked for first");
    for (int i = 0; i < 40; i++) {
      answerAll(rig, rig.pass(SECOND), 16);
    }
    assertEquals(6, rig.view().outbound());
    rig.found(Source.DHT, "honest", "203.0.113.1");
    rig.up("honest", true, "203.0.113.1", true);
    rig.found(Source.DHT, "other", "192.0.2.1");
    rig.up("other", true, "192.0.2.1", true);
    assertEquals(8, rig.view().outbound());
    assertEquals("dial late", rig.found(Source.DHT, "late", "101.1.2.3"));
    String swap = rig.up("late", true, "101.1.2.3", true);
    assertTrue(swap.matches("protect late; drop e\\d+; ask late"), swap);
    assertEquals(8, rig.view().outbound());
  }

  /// Whoever of e0, e1, ... is dialled answers.
  private static void answerAll(Rig rig, String effects, int count) {
    for (int i = 0; i < count; i++) {
      if ((effects + ";").contains("dial e" + i + ";")) {
        answerAll(rig, rig.up("e" + i, true, "198.51." + i + ".1", true), count);
      }
    }
  }

  @Test
  void a_feeler_that_answers_moves_to_the_tried_ones_and_is_let_go() {
    Rig rig = new Rig(Rig.PARAMS.with(1, 10), Saved.nobody(Rig.KEY), 0);
    rig.found(Source.DHT, "a", "198.51.100.1");
    rig.up("a", true, "198.51.100.1", true);
    assertEquals("", rig.found(Source.DHT, "b", "203.0.113.1"));
    assertEquals(1, rig.view().tried());
    assertEquals(1, rig.view().heard());
    String meanwhile = "";
    for (int i = 0; i < 180 && meanwhile.isEmpty(); i++) {
      meanwhile = dials(rig.pass(SECOND));
    }
    assertEquals("dial b", meanwhile);
    assertEquals("drop b", rig.up("b", true, "203.0.113.1", true));
    assertEquals(2, rig.view().tried());
    assertEquals("unprotect b", rig.gone("b"));
  }

  @Test
  void a_peer_of_another_chain_is_let_go_after_a_while_and_not_dialled_again() {
    Rig rig = new Rig();
    rig.found(Source.DHT, "a", "198.51.100.1");
    rig.up("a", true, "198.51.100.1", false);
    assertEquals("", drops(rig.pass(Duration.ofSeconds(9))));
    assertEquals("drop a", drops(rig.pass(SECOND)));
    rig.gone("a");
    assertEquals("", rig.found(Source.DHT, "a", "198.51.100.1"));
    rig.pass(Duration.ofMinutes(10));
    assertEquals("dial a", rig.found(Source.DHT, "a", "198.51.100.1"));
  }

  @Test
  void a_peer_that_serves_the_chain_only_later_is_kept() {
    Rig rig = new Rig();
    rig.found(Source.DHT, "a", "198.51.100.1");
    rig.up("a", true, "198.51.100.1", false);
    rig.pass(SECOND);
    String effects =
        rig.step(
            new DiscoveryInput.Changed(
                rig.peer("a"), Rig.told("a", 2, "198.51.100.1"), true, true));
    assertEquals("protect a; ask a", effects);
    assertEquals("", drops(rig.pass(Duration.ofSeconds(20))));
  }

  @Test
  void a_peer_that_hands_on_forged_records_is_let_go_and_may_not_come_back_soon() {
    Rig rig = new Rig();
    rig.found(Source.DHT, "a", "198.51.100.1");
    rig.up("a", true, "198.51.100.1", true);
    assertEquals("drop a", rig.step(new DiscoveryInput.Forged(rig.peer("a"), "forged")));
    rig.gone("a");
    assertEquals("", rig.found(Source.DHT, "a", "198.51.100.1"));
    assertEquals("drop a", rig.up("a", false, "198.51.100.1", true));
    rig.gone("a");
    rig.pass(Duration.ofHours(1));
    assertEquals("dial a", dials(rig.found(Source.DHT, "a", "198.51.100.1")));
  }

  @Test
  void an_address_of_a_private_network_told_by_a_peer_on_the_internet_is_not_dialled() {
    Rig rig = new Rig();
    rig.up("far", false, "198.51.100.1", true);
    assertEquals("", rig.handsOn("far", "a", 1, "10.0.0.9", "127.0.0.1", "0.0.0.0"));
    assertEquals(0, rig.view().bySource().get(Source.EXCHANGE));
    rig.up("near", false, "10.0.0.2", true);
    assertEquals("dial a", rig.handsOn("near", "a", 1, "10.0.0.9"));
    assertEquals("dial b", rig.handsOn("far", "b", 1, "203.0.113.7"));
  }

  @Test
  void an_older_record_does_not_replace_a_newer_one() {
    Rig rig = new Rig();
    rig.up("far", false, "198.51.100.1", true);
    rig.handsOn("far", "a", 5, "203.0.113.5");
    rig.handsOn("far", "a", 4, "203.0.113.4");
    assertEquals(List.of(Rig.address("203.0.113.5")), addressesOf(rig, "a"));
    rig.handsOn("far", "a", 6, "203.0.113.6");
    assertEquals(List.of(Rig.address("203.0.113.6")), addressesOf(rig, "a"));
  }

  @Test
  void whoever_is_not_connected_tells_nothing() {
    Rig rig = new Rig();
    assertEquals("", rig.handsOn("stranger", "a", 1, "203.0.113.5"));
    assertEquals(0, rig.view().heard());
  }

  @Test
  void anchors_are_dialled_first_after_a_restart() {
    Rig before = new Rig();
    List<Told> many = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      before.peer("p" + i);
      many.add(Rig.told("p" + i, 1, "100." + i + ".0.1"));
    }
    before.step(new DiscoveryInput.Found(Source.DHT, Optional.empty(), many));
    for (int i : new int[] {3, 17, 25, 31, 8}) {
      before.up("p" + i, true, "100." + i + ".0.1", true);
      before.pass(SECOND);
    }
    Saved saved = PeersFile.parse(PeersFile.text(before.machine().saved()));
    assertEquals(4, saved.anchors().size());
    Rig after = new Rig(Rig.PARAMS, saved, 0);
    for (int i = 0; i < 40; i++) {
      after.peer("p" + i);
    }
    assertEquals("dial p3; dial p17; dial p25; dial p31", after.start());
    assertEquals(5, after.view().tried());
    assertEquals(40, after.view().tried() + after.view().heard());
  }

  @Test
  void named_peers_are_dialled_again_and_again_and_keep_their_connection() {
    Rig rig = new Rig(Rig.PARAMS, Saved.nobody(Rig.KEY), 2);
    assertEquals("dial named 0; dial named 1", rig.start());
    rig.step(new DiscoveryInput.NamedUp(0, rig.peer("a")));
    assertEquals("protect a; protect a; ask a", rig.up("a", true, "198.51.100.1", true));
    rig.step(new DiscoveryInput.NamedFailed(1));
    assertEquals("dial named 1", dials(rig.pass(Duration.ofMillis(500))));
    rig.step(new DiscoveryInput.NamedFailed(1));
    assertEquals("", dials(rig.pass(Duration.ofMillis(400))));
    assertEquals("dial named 1", dials(rig.pass(Duration.ofMillis(600))));
    assertEquals("unprotect a", rig.gone("a"));
    assertTrue(rig.pass(Duration.ofMillis(600)).contains("dial named 0"));
  }

  @Test
  void a_named_peer_that_never_shows_up_is_dialled_again() {
    Rig rig = new Rig(Rig.PARAMS, Saved.nobody(Rig.KEY), 1);
    rig.start();
    rig.step(new DiscoveryInput.NamedUp(0, rig.peer("a")));
    assertEquals("dial named 0", dials(rig.pass(Duration.ofSeconds(10))));
  }

  @Test
  void no_more_peers_are_dialled_than_there_is_room_for() {
    Rig rig = new Rig(Rig.PARAMS.with(8, 4), Saved.nobody(Rig.KEY), 0);
    for (int i = 0; i < 4; i++) {
      rig.up("in" + i, false, "100." + i + ".0.1", true);
    }
    assertEquals("", rig.found(Source.DHT, "a", "198.51.100.1"));
    rig.gone("in0");
    assertEquals(1, rig.view().dialling());
  }

  @Test
  void only_records_of_peers_that_answered_or_are_where_they_say_are_handed_on() {
    Rig rig = new Rig();
    rig.found(Source.DHT, "heard", "198.51.100.1");
    rig.up("dialled", true, "203.0.113.1", true);
    rig.up("here", false, "192.0.2.1", true);
    rig.step(
        new DiscoveryInput.Up(
            rig.peer("liar"),
            false,
            Multiaddr.parse("/ip4/192.0.2.200/tcp/9"),
            Rig.told("liar", 1, "8.8.8.8"),
            true,
            true));
    assertEquals(
        List.of(rig.peer("dialled"), rig.peer("here")),
        rig.view().shareable().stream().map(DiscoveryView.Shareable::peer).toList());
    rig.gone("here");
    rig.gone("dialled");
    assertEquals(
        List.of(rig.peer("dialled")),
        rig.view().shareable().stream().map(DiscoveryView.Shareable::peer).toList());
  }

  @Test
  void what_others_say_of_a_peer_does_not_push_out_what_it_signed() {
    Rig rig = new Rig();
    rig.found(Source.DHT, "a", "198.51.100.1");
    List<Multiaddr> many = new ArrayList<>();
    for (int i = 1; i <= DiscoveryParams.ADDRESSES_MAX; i++) {
      many.add(Rig.address("203.0.113." + i));
    }
    Told told = Told.unsigned(rig.peer("a"), many);
    rig.step(new DiscoveryInput.Found(Source.LOCAL, Optional.empty(), List.of(told)));
    assertTrue(addressesOf(rig, "a").contains(Rig.address("198.51.100.1")));
    assertTrue(addressesOf(rig, "a").contains(many.getFirst()), "and something new is heard");
  }

  @Test
  void the_same_inputs_give_the_same_effects() {
    assertEquals(trace(), trace());
    assertFalse(trace().isEmpty());
  }

  private static String trace() {
    Rig rig = new Rig();
    StringBuilder all = new StringBuilder(rig.start());
    for (int i = 0; i < 60; i++) {
      all.append(rig.found(Source.DHT, "p" + i, "100." + i % 9 + ".0." + i)).append('\n');
      all.append(i % 3 == 0 ? rig.failed("p" + i) : rig.pass(SECOND)).append('\n');
    }
    return all.toString();
  }

  private static List<Multiaddr> addressesOf(Rig rig, String name) {
    return rig.machine().saved().peers().stream()
        .filter(p -> p.peer().equals(rig.peer(name)))
        .flatMap(p -> p.addresses().stream())
        .toList();
  }

  private static String dials(String effects) {
    return only(effects, "dial");
  }

  private static String drops(String effects) {
    return only(effects, "drop");
  }

  private static String only(String effects, String word) {
    List<String> kept = new ArrayList<>();
    for (String effect : effects.split("; ", -1)) {
      if (effect.startsWith(word)) {
        kept.add(effect);
      }
    }
    return String.join("; ", kept);
  }

  private static int count(String text, String word) {
    return text.split(word, -1).length - 1;
  }
}
