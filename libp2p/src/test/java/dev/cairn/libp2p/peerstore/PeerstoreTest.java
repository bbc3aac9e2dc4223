package dev.cairn.libp2p.peerstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.crypto.Ed25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerstoreTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path folder;
  private long wallMillis = 1_000;
  private final Clock clock = () -> new Now(0, wallMillis);
  private final Peerstore peerstore = new Peerstore(4, clock);

  private static PeerId peer(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return Identity.of(Ed25519Key.fromSeed(bytes)).id();
  }

  private static Multiaddr address(int port) {
    return Multiaddr.parse("/ip4/192.0.2.1/tcp/" + port);
  }

  @Test
  void addresses_expire_and_the_longest_lasting_come_first() {
    peerstore.add(peer(1), List.of(address(1)), HOUR);
    peerstore.add(peer(1), List.of(address(2)), HOUR.multipliedBy(2));
    assertEquals(List.of(address(2), address(1)), peerstore.addresses(peer(1)));
    wallMillis += HOUR.toMillis();
    assertEquals(List.of(address(2)), peerstore.addresses(peer(1)));
  }

  @Test
  void a_shorter_life_never_shortens_a_longer_one() {
    peerstore.add(peer(1), List.of(address(1)), HOUR.multipliedBy(2));
    peerstore.add(peer(1), List.of(address(1)), HOUR);
    wallMillis += HOUR.toMillis();
    assertEquals(List.of(address(1)), peerstore.addresses(peer(1)));
  }

  @Test
  void peers_and_addresses_are_bounded() {
    for (int i = 0; i < 10; i++) {
      peerstore.add(peer(i), List.of(address(i + 1)), HOUR);
    }
    assertEquals(4, peerstore.peers().size());
    assertEquals(List.of(address(10)), peerstore.addresses(peer(9)));
    for (int i = 0; i < 100; i++) {
      peerstore.add(peer(9), List.of(address(i + 1)), HOUR.plusMinutes(i));
    }
    assertEquals(Peerstore.ADDRESSES_MAX, peerstore.addresses(peer(9)).size());
    assertEquals(address(100), peerstore.addresses(peer(9)).getFirst());
  }

  @Test
  void a_signed_record_replaces_addresses_only_when_it_is_newer() {
    peerstore.add(peer(1), List.of(address(1)), HOUR);
    assertTrue(peerstore.replace(peer(1), List.of(address(2)), 5, HOUR));
    assertEquals(List.of(address(2)), peerstore.addresses(peer(1)));
    assertFalse(peerstore.replace(peer(1), List.of(address(3)), 5, HOUR));
    assertFalse(peerstore.replace(peer(1), List.of(address(3)), 4, HOUR));
    assertEquals(List.of(address(2)), peerstore.addresses(peer(1)));
    assertTrue(peerstore.replace(peer(1), List.of(address(3)), 6, HOUR));
  }

  @Test
  void comes_back_from_its_file() throws IOException {
    Path file = folder.resolve("peers");
    peerstore.add(peer(1), List.of(address(1), address(2)), HOUR);
    peerstore.add(peer(2), List.of(address(3)), HOUR);
    peerstore.save(file);
    Peerstore again = new Peerstore(4, clock);
    again.load(file);
    assertEquals(peerstore.addresses(peer(1)), again.addresses(peer(1)));
    assertEquals(peerstore.addresses(peer(2)), again.addresses(peer(2)));
    wallMillis += HOUR.toMillis();
    Peerstore late = new Peerstore(4, clock);
    late.load(file);
    assertEquals(List.of(), late.peers());
  }

  @Test
  void every_damage_to_the_file_is_noticed() throws IOException {
    Path file = folder.resolve("peers");
    peerstore.add(peer(1), List.of(address(1)), HOUR);
    peerstore.save(file);
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= 1;
      Files.write(file, flipped);
      IOException refused =
          assertThrows(IOException.class, () -> new Peerstore(clock).load(file), "byte " + i);
      assertTrue(String.valueOf(refused.getMessage()).contains("is damaged"), refused::getMessage);
    }
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    assertThrows(IOException.class, () -> new Peerstore(clock).load(file));
  }
}
