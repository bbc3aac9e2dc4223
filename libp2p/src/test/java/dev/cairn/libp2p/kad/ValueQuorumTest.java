package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// `GET_VALUE` and `PUT_VALUE` of one machine.
class ValueQuorumTest {

  private static final Identity SIGNER = Identity.of(Ed25519Key.fromSeed(new byte[32]));
  private static final KadKey KEY = KadKey.of(SignedRecord.key(SIGNER.id(), "n"));

  private static KadRecord record(long sequence) {
    long until = Kads.at(0).wallMillis() + 1_000_000;
    return KadRecord.of(
        KEY, SignedRecord.seal(SIGNER, "n", sequence, until, new byte[] {(byte) sequence}));
  }

  private static MachineRig rig(int peers) {
    MachineRig rig = new MachineRig();
    for (int i = 1; i <= peers; i++) {
      rig.meet(Kads.peer(i));
    }
    return rig;
  }

  private static KadMessage value(KadEffect.Request request, KadRecord record) {
    return new KadMessage(
        KadMessage.Type.GET_VALUE,
        request.question().key(),
        Optional.of(record),
        List.of(),
        List.of());
  }

  private static Optional<KadRecord> result(MachineRig rig) {
    KadEffect.Done done = rig.drain(KadEffect.Done.class).getFirst();
    return done.result() instanceof KadResult.Value(Optional<KadRecord> record)
        ? record
        : Optional.empty();
  }

  @Test
  void the_best_of_a_quorum_wins_and_is_told_to_those_with_a_worse_one() {
    MachineRig rig = rig(12);
    rig.give(new KadInput.GetValue(7, KEY));
    List<KadEffect.Request> requests = rig.requests();
    assertEquals(10, requests.size());
    long[] sequences = {3, 5, 3, 4, 5};
    for (int i = 0; i < sequences.length; i++) {
      assertEquals(List.of(), rig.drain(KadEffect.Done.class));
      rig.answer(requests.get(i), value(requests.get(i), record(sequences[i])));
    }
    assertTrue(result(rig).orElseThrow().sameValue(record(5)));
    List<PeerAddresses> corrected = new ArrayList<>();
    for (KadEffect.Request request : rig.requests()) {
      if (request.question().type() == KadMessage.Type.PUT_VALUE) {
        assertTrue(request.question().record().orElseThrow().sameValue(record(5)));
        corrected.add(request.to());
      }
    }
    assertEquals(3, corrected.size());
    assertTrue(corrected.contains(requests.get(0).to()));
    assertTrue(corrected.contains(requests.get(2).to()));
    assertTrue(corrected.contains(requests.get(3).to()));
  }

  @Test
  void a_forged_value_counts_for_nothing() {
    MachineRig rig = rig(3);
    rig.give(new KadInput.GetValue(7, KEY));
    List<KadEffect.Request> requests = rig.requests();
    byte[] forged = record(9).value();
    forged[forged.length - 1] ^= 1;
    rig.answer(requests.get(0), value(requests.get(0), KadRecord.of(KEY, forged)));
    rig.answer(requests.get(1), value(requests.get(1), record(1)));
    rig.answer(requests.get(2), List.of());
    assertEquals(1, rig.drain(KadEffect.Misled.class).size());
    assertTrue(result(rig).orElseThrow().sameValue(record(1)));
    long puts =
        rig.requests().stream()
            .filter(r -> r.question().type() == KadMessage.Type.PUT_VALUE)
            .count();
    assertEquals(2, puts, "to the forger and to the one that had none");
  }

  @Test
  void a_value_put_counts_where_it_is_echoed() {
    MachineRig rig = rig(3);
    rig.give(new KadInput.PutValue(7, record(1)));
    rig.requests().forEach(request -> rig.answer(request, List.of()));
    List<KadEffect.Request> puts = rig.requests();
    assertEquals(3, puts.size());
    rig.answer(puts.get(0), puts.get(0).question());
    rig.answer(puts.get(1), KadMessage.put(record(2)));
    rig.fail(puts.get(2));
    assertEquals(new KadResult.Stored(1), rig.drain(KadEffect.Done.class).getFirst().result());
  }

  @Test
  void serves_what_it_was_given_and_echoes_only_what_it_keeps() {
    MachineRig rig = rig(0);
    PeerAddresses peer = Kads.peer(1);
    assertEquals(Optional.of(KadMessage.put(record(2))), rig.ask(peer, KadMessage.put(record(2))));
    assertEquals(Optional.empty(), rig.ask(peer, KadMessage.put(record(1))));
    KadMessage otherKey =
        new KadMessage(
            KadMessage.Type.PUT_VALUE,
            Kads.key("/cairn/x"),
            Optional.of(record(3)),
            List.of(),
            List.of());
    assertEquals(Optional.empty(), rig.ask(peer, otherKey));
    KadRecord kept =
        rig.ask(peer, KadMessage.ask(KadMessage.Type.GET_VALUE, KEY))
            .orElseThrow()
            .record()
            .orElseThrow();
    assertTrue(kept.sameValue(record(2)));
    assertEquals(2, rig.counts.get(KadCount.QUESTIONS_REFUSED));
  }

  @Test
  void a_value_of_our_own_keeping_counts_for_one() {
    MachineRig rig = rig(1);
    rig.ask(Kads.peer(1), KadMessage.put(record(2)));
    rig.give(new KadInput.GetValue(7, KEY));
    rig.fail(rig.requests().getFirst());
    assertTrue(result(rig).orElseThrow().sameValue(record(2)));
  }
}
