package dev.cairn.core.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import dev.cairn.core.Verdict;
import dev.cairn.core.consensus.simplex.SignatureCheck;
import dev.cairn.core.consensus.simplex.Signer;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.MalformedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class PresenceTest {

  private static final SigningDomain DOMAIN = new SigningDomain(Hash.sha256(new byte[] {1}), 0);
  private static final Signer KEY = signer(1);
  private static final Signer OTHER = signer(2);
  private static final Signer STRANGER = signer(3);
  private static final Set<Bytes> SET =
      Set.of(Bytes.wrap(KEY.publicKey()), Bytes.wrap(OTHER.publicKey()));

  private long millis = 1_000_000;

  private static Signer signer(int seed) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) seed);
    return Signer.of(Ed25519Key.fromSeed(bytes));
  }

  private Now now() {
    return new Now(millis * 1_000_000, millis);
  }

  /// One node on a network that the test carries by hand.
  private final class Node {
    final Presence presence;
    final List<PresenceEffect> effects = new ArrayList<>();

    Node(String name, int instance, Optional<Signer> key, PresenceParams params) {
      byte[] bytes = new byte[Heartbeat.INSTANCE_BYTES];
      Arrays.fill(bytes, (byte) instance);
      presence =
          new Presence(DOMAIN, SignatureCheck.ED25519, params, key, name, Bytes.wrap(bytes), now());
    }

    Node around(boolean audience, boolean decisive) {
      presence.step(new PresenceInput.Around(SET, audience, decisive), now(), effects::add);
      return this;
    }

    void tick() {
      if (presence.deadlineNanos() <= now().nanos()) {
        presence.tick(now(), effects::add);
      }
    }

    Verdict hear(Heartbeat heartbeat) {
      presence.step(new PresenceInput.Heard(7, heartbeat), now(), effects::add);
      for (PresenceEffect effect : List.copyOf(effects)) {
        if (effect instanceof PresenceEffect.Report(long token, Verdict verdict)) {
          assertEquals(7, token);
          effects.remove(effect);
          return verdict;
        }
      }
      throw new AssertionError("no verdict");
    }

    List<Heartbeat> sent() {
      List<Heartbeat> sent = new ArrayList<>();
      for (PresenceEffect effect : List.copyOf(effects)) {
        if (effect instanceof PresenceEffect.Send(Bytes bytes)) {
          sent.add(Heartbeat.decode(bytes.toArrayUnsafe()));
          effects.remove(effect);
        }
      }
      return sent;
    }

    boolean allowed() {
      return effects.contains(new PresenceEffect.Allow());
    }

    Optional<PresenceEffect.Yield> yielded() {
      return effects.stream()
          .filter(PresenceEffect.Yield.class::isInstance)
          .map(PresenceEffect.Yield.class::cast)
          .findFirst();
    }
  }

  private Node node(String name, int instance, Signer key) {
    return new Node(name, instance, Optional.of(key), PresenceParams.standard(true));
  }

  /// Lets time pass, and carries what is said, until `ms` are over.
  private void pass(long ms, Node... nodes) {
    for (long end = millis + ms; millis < end; millis += 50) {
      for (Node node : nodes) {
        node.tick();
      }
      for (Node from : nodes) {
        for (Heartbeat beat : from.sent()) {
          for (Node to : nodes) {
            if (to != from) {
              assertFalse(to.hear(beat) instanceof Verdict.Reject);
            }
          }
        }
      }
    }
  }

  @Test
  void a_heartbeat_survives_encoding_and_only_its_validator_can_sign_it() {
    Node node = node("a", 1, KEY).around(true, false);
    node.tick();
    Heartbeat beat = node.sent().getFirst();
    assertTrue(beat.encode().length <= Heartbeat.BYTES_MAX);
    assertEquals(beat, Heartbeat.decode(beat.encode()));
    assertTrue(beat.verify(DOMAIN, SignatureCheck.ED25519));
    assertFalse(
        beat.verify(new SigningDomain(Hash.sha256(new byte[] {2}), 0), SignatureCheck.ED25519));
    byte[] encoded = beat.encode();
    for (int length = 0; length < encoded.length; length++) {
      byte[] cut = Arrays.copyOf(encoded, length);
      assertThrows(MalformedException.class, () -> Heartbeat.decode(cut));
    }
  }

  @Test
  void a_validator_listens_before_it_votes_and_only_while_others_are_there() {
    Node node = node("a", 1, KEY).around(false, false);
    pass(60_000, node);
    assertFalse(node.allowed(), "nobody could be heard");
    node.around(true, false);
    pass(PresenceParams.LISTEN.toMillis(), node);
    assertFalse(node.allowed());
    pass(100, node);
    assertTrue(node.allowed());
  }

  @Test
  void a_key_that_decides_alone_needs_nobody() {
    Node told = node("a", 1, KEY).around(false, true);
    pass(PresenceParams.LISTEN.toMillis() - 100, told);
    assertFalse(told.allowed(), "told of peers, it listens");
    pass(200, told);
    assertTrue(told.allowed());
    Node dev = new Node("b", 2, Optional.of(KEY), PresenceParams.standard(false));
    dev.around(false, true);
    assertTrue(dev.allowed());
    Node lost =
        new Node("c", 3, Optional.of(KEY), PresenceParams.lostVotes(Duration.ofMinutes(10)));
    lost.around(false, true);
    pass(700_000, lost);
    assertFalse(lost.allowed(), "what was lost must be heard of from others");
    lost.around(true, true);
    pass(599_000, lost);
    assertFalse(lost.allowed());
    pass(1_100, lost);
    assertTrue(lost.allowed());
  }

  @Test
  void a_second_node_with_the_key_of_one_that_votes_refuses() {
    Node first = node("a", 1, KEY).around(true, false);
    pass(4_000, first);
    assertTrue(first.allowed());
    Node second = node("b", 2, KEY).around(true, false);
    pass(2_000, first, second);
    assertEquals(Optional.of(new PresenceEffect.Yield("a", false)), second.yielded());
    pass(30_000, first, second);
    assertFalse(second.allowed());
    assertEquals(Optional.empty(), first.yielded());
    assertEquals(Long.MAX_VALUE, second.presence.deadlineNanos());
  }

  @Test
  void of_two_that_vote_already_the_later_one_stops() {
    Node first = node("a", 9, KEY).around(true, false);
    millis += 10;
    Node second = node("b", 2, KEY).around(true, false);
    pass(4_000, first);
    pass(4_000, second);
    assertTrue(first.allowed() && second.allowed());
    pass(8_000, first, second);
    assertEquals(Optional.of(new PresenceEffect.Yield("a", true)), second.yielded());
    assertEquals(Optional.empty(), first.yielded());
  }

  @Test
  void of_two_that_start_together_exactly_one_goes_on() {
    Node first = node("a", 1, KEY).around(true, false);
    Node second = node("b", 2, KEY).around(true, false);
    pass(10_000, first, second);
    assertTrue(first.allowed());
    assertFalse(second.allowed());
    assertEquals(Optional.of(new PresenceEffect.Yield("a", false)), second.yielded());
  }

  @Test
  void old_heartbeats_of_the_key_prove_nothing() {
    Node before = node("a", 1, KEY).around(true, false);
    List<Heartbeat> recorded = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      before.tick();
      recorded.addAll(before.sent());
      millis += 50;
    }
    Node after = node("a", 2, KEY).around(true, false);
    for (Heartbeat beat : recorded) {
      after.hear(beat);
      millis += 250;
      after.tick();
    }
    pass(4_000, after);
    assertTrue(after.allowed());
    assertEquals(Optional.empty(), after.yielded());
  }

  @Test
  void what_is_forged_is_rejected_and_what_is_stale_or_too_much_ignored() {
    Node node = node("a", 1, KEY).around(true, false);
    Node sender = node("b", 2, OTHER).around(true, false);
    sender.tick();
    Heartbeat good = sender.sent().getFirst();
    byte[] forged = good.encode();
    forged[forged.length - 1] ^= 1;
    assertInstanceOf(Verdict.Reject.class, node.hear(Heartbeat.decode(forged)));
    assertInstanceOf(Verdict.Accept.class, node.hear(good));
    assertInstanceOf(Verdict.Ignore.class, node.hear(good), "known");
    assertInstanceOf(Verdict.Ignore.class, node.hear(beat(OTHER, 2, millis + 1)), "too soon");
    millis += 200;
    assertInstanceOf(Verdict.Accept.class, node.hear(beat(OTHER, 2, millis)));
    assertInstanceOf(Verdict.Ignore.class, node.hear(beat(STRANGER, 3, millis)));
    long skew = Presence.CLOCK_MILLIS_MAX + 1;
    assertInstanceOf(Verdict.Ignore.class, node.hear(beat(OTHER, 4, millis - skew)));
    assertInstanceOf(Verdict.Ignore.class, node.hear(beat(OTHER, 4, millis + skew)));
    for (int i = 1; i < Presence.INSTANCES_MAX; i++) {
      assertInstanceOf(Verdict.Accept.class, node.hear(beat(OTHER, 10 + i, millis)));
    }
    assertInstanceOf(Verdict.Ignore.class, node.hear(beat(OTHER, 20, millis)), "too many");
    millis += 61_000;
    assertInstanceOf(Verdict.Accept.class, node.hear(beat(OTHER, 20, millis)));
    Sighting last = new Sighting("peer", true, now().nanos());
    assertEquals(last, node.presence.sightings().get(Bytes.wrap(OTHER.publicKey())));
  }

  private static Heartbeat beat(Signer key, int instance, long time) {
    byte[] bytes = new byte[Heartbeat.INSTANCE_BYTES];
    Arrays.fill(bytes, (byte) instance);
    return Heartbeat.sign(DOMAIN, key, "peer", Bytes.wrap(bytes), 1, true, Bytes.EMPTY, time);
  }
}
