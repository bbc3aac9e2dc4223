package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProvidedTest {

  private static final PeerAddresses ONE = Kads.peer(1);
  private static final KadKey CONTENT = KadKey.of(Kads.content(1));

  private static List<KadResult> results(MachineRig rig) {
    return rig.drain(KadEffect.Done.class).stream().map(KadEffect.Done::result).toList();
  }

  @Test
  void provides_to_the_nearest_and_again_every_22_hours_until_told_not_to() {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    rig.give(new KadInput.Provide(7, CONTENT));
    KadMessage told = KadMessage.addProvider(CONTENT, MachineRig.SELF);
    int[] count = {provided(rig, told)};
    assertEquals(1, count[0]);
    assertEquals(List.of(new KadResult.Stored(1)), results(rig));
    rig.afterTick = () -> count[0] += provided(rig, told);
    rig.until(22 * Kads.HOUR - 1);
    assertEquals(1, count[0]);
    rig.until(22 * Kads.HOUR);
    assertEquals(2, count[0]);
    rig.until(44 * Kads.HOUR);
    assertEquals(3, count[0]);
    rig.give(new KadInput.Unprovide(CONTENT));
    rig.until(100 * Kads.HOUR);
    assertEquals(3, count[0]);
  }

  @Test
  void what_nobody_took_is_told_again_every_minute() {
    MachineRig rig = new MachineRig();
    rig.give(new KadInput.Provide(7, CONTENT));
    assertEquals(List.of(new KadResult.Stored(0)), results(rig));
    KadMessage told = KadMessage.addProvider(CONTENT, MachineRig.SELF);
    int[] count = {0};
    rig.afterTick = () -> count[0] += provided(rig, told);
    rig.until(150 * Kads.SECOND);
    rig.meet(ONE);
    assertEquals(0, count[0]);
    rig.until(180 * Kads.SECOND);
    assertEquals(1, count[0]);
    rig.until(20 * Kads.HOUR);
    assertEquals(1, count[0]);
  }

  @Test
  void what_few_took_is_told_again_when_the_table_has_twice_as_many() {
    MachineRig rig = new MachineRig();
    KadMessage told = KadMessage.addProvider(CONTENT, MachineRig.SELF);
    int[] count = {0};
    rig.afterTick = () -> count[0] += provided(rig, told);
    rig.give(new KadInput.Announce(CONTENT));
    rig.until(0);
    assertEquals(0, count[0], "nobody is there");
    int peers = 0;
    for (int enough : new int[] {1, 2, 4, 8, 16, 32}) {
      int before = count[0];
      while (peers < enough) {
        assertEquals(before, count[0], "not with " + peers);
        rig.meet(Kads.peer(++peers));
        rig.until(rig.nanos + 1);
      }
      rig.until(rig.nanos + Provided.GROWN_NANOS);
      assertEquals(before + Math.min(enough, 20), count[0], "with " + enough);
    }
    int before = count[0];
    while (peers < 70) {
      rig.meet(Kads.peer(++peers));
    }
    rig.until(20 * Kads.HOUR);
    assertEquals(before, count[0], "enough have it");
  }

  @Test
  void what_was_refused_a_look_up_is_told_later() {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    LookupParams limits = KadParams.STANDARD.lookup();
    for (int i = 1; i <= limits.runningMax() + limits.waitingMax(); i++) {
      rig.give(new KadInput.FindClosest(i, Kads.key("k" + i)));
    }
    rig.give(new KadInput.Provide(5_000, CONTENT));
    assertTrue(results(rig).getFirst() instanceof KadResult.Refused);
    KadMessage told = KadMessage.addProvider(CONTENT, MachineRig.SELF);
    int[] count = {provided(rig, told)};
    assertEquals(0, count[0]);
    rig.afterTick = () -> count[0] += provided(rig, told);
    rig.until(Provided.RETRY_NANOS);
    assertEquals(1, count[0]);
  }

  @Test
  void any_number_of_announcements_is_told_a_few_at_a_time() {
    MachineRig rig = new MachineRig();
    rig.meet(ONE);
    int all = 2_000;
    for (int i = 1; i <= all; i++) {
      rig.give(new KadInput.Announce(KadKey.of(Kads.content(i))));
    }
    assertEquals(List.of(), rig.requests());
    rig.machine.tick(Kads.at(0), rig.effects::add);
    List<KadEffect.Request> requests = rig.requests();
    assertEquals(3, requests.size());
    int told = 0;
    while (!requests.isEmpty()) {
      for (KadEffect.Request request : requests) {
        if (request.question().type() == KadMessage.Type.ADD_PROVIDER) {
          told++;
          rig.give(new KadInput.Sent(request.id()));
        } else {
          rig.answer(request, List.of());
        }
      }
      rig.machine.tick(Kads.at(0), rig.effects::add);
      requests = rig.requests();
    }
    assertEquals(all, told);
  }

  @Test
  void announcements_over_the_limit_are_counted() {
    MachineRig rig = new MachineRig();
    int most = KadParams.STANDARD.store().providedMax();
    for (int i = 1; i <= most; i++) {
      rig.give(new KadInput.Announce(KadKey.of(Kads.content(i))));
    }
    assertEquals(0, rig.counts.get(KadCount.ANNOUNCED_REFUSED));
    rig.give(new KadInput.Announce(KadKey.of(Kads.content(most + 1))));
    assertEquals(1, rig.counts.get(KadCount.ANNOUNCED_REFUSED));
  }

  @Test
  void keys_that_are_provided_are_bounded() {
    StoreParams s = StoreParams.STANDARD;
    StoreParams few =
        new StoreParams(
            s.providersPerKeyMax(),
            s.providersPerKeyGroupMax(),
            s.providersMax(),
            s.providersPerSenderMax(),
            s.providersPerGroupMax(),
            s.providerTtl(),
            s.addressTtl(),
            s.republish(),
            3,
            s.recordsMax(),
            s.recordBytesMax(),
            s.recordsPerSenderMax(),
            s.recordsPerGroupMax(),
            s.recordTtl());
    MachineRig rig = new MachineRig(KadParams.STANDARD.withStore(few));
    for (int i = 1; i <= 4; i++) {
      rig.give(new KadInput.Provide(i, KadKey.of(Kads.content(i))));
    }
    rig.give(new KadInput.Provide(5, KadKey.of(Kads.content(1))));
    List<KadResult> results = results(rig);
    assertTrue(results.get(3) instanceof KadResult.Refused);
    assertEquals(new KadResult.Stored(0), results.get(4), "what is provided already is told again");
  }

  /// Answers all requests and counts those with this message.
  private static int provided(MachineRig rig, KadMessage message) {
    int count = 0;
    List<KadEffect.Request> requests = rig.requests();
    while (!requests.isEmpty()) {
      for (KadEffect.Request request : requests) {
        if (request.question().type() == KadMessage.Type.ADD_PROVIDER) {
          assertEquals(message, request.question());
          rig.give(new KadInput.Sent(request.id()));
          count++;
        } else {
          rig.answer(request, List.of());
        }
      }
      requests = rig.requests();
    }
    return count;
  }
}
