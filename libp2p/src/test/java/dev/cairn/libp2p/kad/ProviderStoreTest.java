package dev.cairn.libp2p.kad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Multiaddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProviderStoreTest {

  private static final KadKey KEY = KadKey.of(Kads.content(1));

  private static StoreParams limits(int perKey, int perKeyGroup, int all, int sender, int group) {
    StoreParams s = StoreParams.STANDARD;
    return new StoreParams(
        perKey,
        perKeyGroup,
        all,
        sender,
        group,
        Duration.ofHours(48),
        Duration.ofHours(24),
        s.republish(),
        s.providedMax(),
        s.recordsMax(),
        s.recordBytesMax(),
        s.recordsPerSenderMax(),
        s.recordsPerGroupMax(),
        s.recordTtl());
  }

  private static ProviderStore store(StoreParams params) {
    return new ProviderStore(params, TableParams.STANDARD);
  }

  private static boolean add(ProviderStore store, int key, PeerAddresses provider, long nanos) {
    return store.add(KadKey.of(Kads.content(key)), provider, Kads.remote(provider), nanos);
  }

  @Test
  void addresses_of_one_record_are_bounded_in_bytes() {
    ProviderStore store = store(StoreParams.STANDARD);
    List<Multiaddr> many = new ArrayList<>();
    for (int i = 0; i < PeerAddresses.ADDRESSES_MAX; i++) {
      many.add(Multiaddr.parse("/ip4/150.0.1.1/tcp/" + i + "/sni/" + "x".repeat(80)));
    }
    PeerAddresses told = PeerAddresses.of(Kads.id(1), many);
    assertTrue(add(store, 1, told, 0));
    assertEquals(List.of(told.at(many.subList(0, 2))), store.get(KEY, 0));
    PeerAddresses usual = PeerAddresses.of(Kads.id(2), Kads.peer(2).addresses());
    assertTrue(add(store, 1, usual, 0));
    assertEquals(usual, store.get(KEY, 0).getFirst(), "negative control");
  }

  @Test
  void addresses_last_24_hours_and_records_48() {
    ProviderStore store = store(StoreParams.STANDARD);
    PeerAddresses provider = Kads.peer(1);
    assertTrue(add(store, 1, provider, 0));
    assertEquals(List.of(provider), store.get(KEY, 24 * Kads.HOUR - 1));
    assertEquals(
        List.of(PeerAddresses.of(provider.peer(), List.of())), store.get(KEY, 24 * Kads.HOUR));
    assertEquals(1, store.get(KEY, 48 * Kads.HOUR - 1).size());
    assertEquals(List.of(), store.get(KEY, 48 * Kads.HOUR));
    store.expire(48 * Kads.HOUR - 1);
    assertEquals(1, store.size());
    store.expire(48 * Kads.HOUR);
    assertEquals(0, store.size());
  }

  @Test
  void telling_again_renews() {
    ProviderStore store = store(StoreParams.STANDARD);
    assertTrue(add(store, 1, Kads.peer(1), 0));
    assertTrue(add(store, 1, Kads.peer(1), 22 * Kads.HOUR));
    assertEquals(1, store.size());
    assertEquals(1, store.get(KEY, 69 * Kads.HOUR).size());
  }

  /// How many of 30 providers of one key get in.
  private static int ofOneKey(StoreParams params, boolean oneNetwork) {
    ProviderStore store = store(params);
    int taken = 0;
    for (int i = 1; i <= 30; i++) {
      PeerAddresses provider = oneNetwork ? Kads.peer(i, "66.1.1." + i) : Kads.peer(i);
      taken += add(store, 1, provider, 0) ? 1 : 0;
    }
    assertEquals(taken, store.size());
    return taken;
  }

  @Test
  void providers_of_a_key_are_bounded() {
    assertEquals(10, ofOneKey(limits(10, 99, 99, 99, 99), false));
    assertEquals(30, ofOneKey(limits(99, 99, 99, 99, 99), false));
  }

  @Test
  void providers_of_a_key_from_one_network_are_bounded() {
    assertEquals(4, ofOneKey(limits(99, 4, 99, 99, 99), true));
    assertEquals(30, ofOneKey(limits(99, 4, 99, 99, 99), false));
  }

  @Test
  void records_in_all_are_bounded() {
    assertEquals(12, ofOneKey(limits(99, 99, 12, 99, 99), false));
  }

  @Test
  void records_of_one_network_are_bounded() {
    assertEquals(7, ofOneKey(limits(99, 99, 99, 99, 7), true));
    assertEquals(30, ofOneKey(limits(99, 99, 99, 99, 7), false));
  }

  @Test
  void records_of_one_sender_are_bounded() {
    ProviderStore store = store(limits(99, 99, 99, 5, 99));
    for (int key = 1; key <= 20; key++) {
      assertEquals(key <= 5, add(store, key, Kads.peer(1), 0));
    }
    assertTrue(add(store, 20, Kads.peer(2), 0));
    // What has expired makes room again.
    store.expire(48 * Kads.HOUR);
    assertTrue(add(store, 20, Kads.peer(1), 48 * Kads.HOUR));
  }

  @Test
  void a_key_is_a_multihash_or_a_cid_of_at_most_80_bytes() {
    assertEquals(Optional.of(KEY), Serving.providerKey(KEY));
    byte[] cid =
        dev.cairn.multiformats.Cid.of(dev.cairn.multiformats.Cid.RAW, Kads.content(1)).encode();
    assertEquals(Optional.of(KEY), Serving.providerKey(KadKey.of(cid)));
    assertTrue(Serving.providerKey(identity(78)).isPresent());
    assertFalse(Serving.providerKey(identity(79)).isPresent());
    assertFalse(Serving.providerKey(Kads.key("/v/hello")).isPresent());
    assertFalse(Serving.providerKey(Kads.key("")).isPresent());
  }

  /// A multihash of so many bytes of content, and two of its own.
  private static KadKey identity(int length) {
    return KadKey.of(
        dev.cairn.multiformats.Multihash.of(
            dev.cairn.multiformats.Multihash.IDENTITY, new byte[length]));
  }

  @Test
  void the_one_that_told_last_comes_first() {
    ProviderStore store = store(StoreParams.STANDARD);
    add(store, 1, Kads.peer(1), 0);
    add(store, 1, Kads.peer(2), 1);
    add(store, 1, Kads.peer(1), 2);
    assertEquals(List.of(Kads.peer(1), Kads.peer(2)), store.get(KEY, 3));
  }

  @Test
  void whoever_comes_from_nowhere_counts_for_no_network() {
    ProviderStore store = store(limits(99, 1, 99, 99, 1));
    Optional<Multiaddr> memory = Optional.of(Multiaddr.parse("/memory/7"));
    assertTrue(store.add(KEY, Kads.peer(1), memory, 0));
    assertTrue(store.add(KEY, Kads.peer(2), memory, 0));
  }
}
