package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.multiformats.MalformedException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordStoreTest {

  private static final long YEAR = 31_536_000_000L;
  private static final long NOW = Kads.at(0).wallMillis();

  private static Identity identity(int number) {
    byte[] seed = new byte[32];
    seed[0] = (byte) number;
    return Identity.of(Ed25519Key.fromSeed(seed));
  }

  private static Step step(long nanos) {
    return new Step(Kads.at(nanos), effect -> {});
  }

  private static RecordStore store(StoreParams params) {
    return new RecordStore(
        Kads.id(0), params, TableParams.STANDARD, KadParams.STANDARD.validators());
  }

  private static KadRecord record(Identity identity, String name, long sequence, int length) {
    return KadRecord.of(
        KadKey.of(SignedRecord.key(identity.id(), name)),
        SignedRecord.seal(identity, name, sequence, NOW + YEAR, new byte[length]));
  }

  @Test
  void keeps_what_its_peer_signed_and_the_newest_of_it() {
    RecordStore store = store(StoreParams.STANDARD);
    KadRecord first = record(identity(1), "site", 1, 10);
    KadRecord second = record(identity(1), "site", 2, 10);
    assertEquals(Optional.empty(), store.put(first, Kads.id(1), Optional.empty(), step(0)));
    assertEquals(Optional.empty(), store.put(second, Kads.id(2), Optional.empty(), step(0)));
    assertEquals(
        Optional.of("a better record is there"),
        store.put(first, Kads.id(1), Optional.empty(), step(0)));
    assertEquals(Optional.empty(), store.put(second, Kads.id(1), Optional.empty(), step(0)));
    KadRecord kept = store.get(first.key(), step(0)).orElseThrow();
    assertArrayEquals(second.value(), kept.value());
    assertEquals("2026-01-01T00:00:00.000000000Z", kept.timeReceived());
  }

  @Test
  void refuses_what_another_peer_signed() {
    KadRecord own = record(identity(1), "site", 1, 10);
    KadRecord moved = KadRecord.of(KadKey.of(SignedRecord.key(Kads.id(3), "site")), own.value());
    assertEquals(
        Optional.of("a record of another key"),
        store(StoreParams.STANDARD).put(moved, Kads.id(1), Optional.empty(), step(0)));
  }

  @Test
  void refuses_a_changed_byte_anywhere() {
    RecordStore store = store(StoreParams.STANDARD);
    KadRecord good = record(identity(1), "site", 1, 10);
    for (int i = 0; i < good.value().length; i++) {
      byte[] changed = good.value();
      changed[i] ^= 1;
      assertTrue(
          store
              .put(KadRecord.of(good.key(), changed), Kads.id(1), Optional.empty(), step(0))
              .isPresent(),
          "byte " + i);
    }
    assertEquals(Optional.empty(), store.put(good, Kads.id(1), Optional.empty(), step(0)));
  }

  @Test
  void a_record_ends_when_it_says_and_at_the_latest_after_48_hours() {
    RecordStore store = store(StoreParams.STANDARD);
    KadRecord lasting = record(identity(1), "", 1, 10);
    byte[] brief = SignedRecord.seal(identity(2), "", 1, NOW + 1_000, new byte[1]);
    KadKey briefKey = KadKey.of(SignedRecord.key(identity(2).id(), ""));
    store.put(lasting, Kads.id(1), Optional.empty(), step(0));
    assertEquals(
        Optional.empty(),
        store.put(KadRecord.of(briefKey, brief), Kads.id(1), Optional.empty(), step(0)));
    assertTrue(store.get(briefKey, step(Kads.SECOND - 1)).isPresent());
    assertFalse(store.get(briefKey, step(Kads.SECOND)).isPresent());
    assertTrue(store.get(lasting.key(), step(48 * Kads.HOUR - 1)).isPresent());
    assertFalse(store.get(lasting.key(), step(48 * Kads.HOUR)).isPresent());
    store.expire(48 * Kads.HOUR);
    assertEquals(0, store.size());
  }

  @Test
  void a_namespace_without_a_validator_is_refused() {
    RecordStore store = store(StoreParams.STANDARD);
    for (String key : new String[] {"/v/hello", "hello", "/pk", "", "/cairn"}) {
      KadRecord record = KadRecord.of(Kads.key(key), new byte[1]);
      assertTrue(store.put(record, Kads.id(1), Optional.empty(), step(0)).isPresent(), key);
    }
  }

  @Test
  void a_public_key_stands_under_its_peer_id_alone() {
    RecordStore store = store(StoreParams.STANDARD);
    Identity one = identity(1);
    KadKey key = KadKey.of(PublicKeyRecords.key(one.id()));
    byte[] encoded = one.publicKey().encode();
    assertEquals(
        Optional.empty(),
        store.put(KadRecord.of(key, encoded), Kads.id(1), Optional.empty(), step(0)));
    KadRecord other = KadRecord.of(key, identity(2).publicKey().encode());
    assertEquals(
        Optional.of("the public key of another peer"),
        store.put(other, Kads.id(1), Optional.empty(), step(0)));
    assertTrue(
        store
            .put(KadRecord.of(key, new byte[9]), Kads.id(1), Optional.empty(), step(0))
            .isPresent());
  }

  private static StoreParams limits(int records, int bytes, int perSender) {
    StoreParams s = StoreParams.STANDARD;
    return new StoreParams(
        s.providersPerKeyMax(),
        s.providersPerKeyGroupMax(),
        s.providersMax(),
        s.providersPerSenderMax(),
        s.providersPerGroupMax(),
        s.providerTtl(),
        s.addressTtl(),
        s.republish(),
        s.providedMax(),
        records,
        bytes,
        perSender,
        6,
        s.recordTtl());
  }

  /// How many of 20 records of one sender are kept.
  private static int kept(StoreParams params) {
    RecordStore store = store(params);
    for (int i = 0; i < 20; i++) {
      store.put(record(identity(1), "n" + i, 1, 1_000), Kads.id(1), Optional.empty(), step(0));
    }
    return store.size();
  }

  @Test
  void records_are_bounded_in_number_in_bytes_and_by_sender() {
    assertEquals(7, kept(limits(7, 1 << 20, 99)));
    assertEquals(8, kept(limits(99, 10_000, 99)));
    assertEquals(5, kept(limits(99, 1 << 20, 5)));
    assertEquals(20, kept(limits(99, 1 << 20, 99)), "negative control");
  }

  /// What 20 senders of one network each have one record kept of.
  private static RecordStore flooded(StoreParams params, String ip4) {
    RecordStore store = store(params);
    for (int i = 0; i < 20; i++) {
      PeerAddresses sender = Kads.peer(100 + i, ip4 + i);
      store.put(record(identity(1), "n" + i, 1, 10), sender.peer(), Kads.remote(sender), step(0));
    }
    return store;
  }

  @Test
  void records_are_bounded_by_network() {
    assertEquals(6, flooded(limits(99, 1 << 20, 99), "150.1.1.").size());
    assertEquals(20, flooded(limits(99, 1 << 20, 99), "10.1.1.").size(), "a network of one's own");
  }

  @Test
  void a_flood_leaves_room_for_what_this_node_puts_itself() {
    RecordStore store = flooded(limits(20, 1 << 20, 2), "10.1.1.");
    KadRecord late = record(identity(2), "own", 1, 10);
    assertEquals(
        Optional.of("no room for it"), store.put(late, Kads.id(1), Optional.empty(), step(0)));
    assertEquals(Optional.empty(), store.put(late, Kads.id(0), Optional.empty(), step(0)));
    store.put(record(identity(2), "own 2", 1, 10), Kads.id(0), Optional.empty(), step(0));
    store.put(record(identity(2), "own 3", 1, 10), Kads.id(0), Optional.empty(), step(0));
    assertEquals(22, store.size(), "as many as one sender may have");
  }

  @Test
  void a_better_record_that_does_not_fit_leaves_the_old_one() {
    RecordStore store = store(limits(99, 2_000, 99));
    KadRecord old = record(identity(1), "a", 1, 1_000);
    store.put(old, Kads.id(1), Optional.empty(), step(0));
    assertEquals(
        Optional.of("no room for it"),
        store.put(record(identity(1), "a", 2, 3_000), Kads.id(1), Optional.empty(), step(0)));
    assertTrue(store.get(old.key(), step(0)).orElseThrow().sameValue(old));
  }

  @Test
  void what_is_sealed_opens_as_it_was() {
    Identity one = identity(1);
    SignedRecord record =
        SignedRecord.open(SignedRecord.seal(one, "names/π", 7, NOW, new byte[] {1, 2}));
    assertEquals(one.id(), record.peer());
    assertEquals("names/π", record.name());
    assertEquals(7, record.sequence());
    assertEquals(NOW, record.validUntilMillis());
    assertArrayEquals(new byte[] {1, 2}, record.value());
    assertArrayEquals(SignedRecord.key(one.id(), "names/π"), record.key());
    assertThrows(
        IllegalArgumentException.class,
        () -> SignedRecord.seal(one, "x".repeat(65), 1, NOW, new byte[0]));
    assertThrows(
        IllegalArgumentException.class, () -> SignedRecord.seal(one, "", 1, NOW, new byte[4_097]));
    assertThrows(MalformedException.class, () -> SignedRecord.open(new byte[8_193]));
  }
}
