package dev.cairn.node.discovery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.identify.SignedPeerRecord;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.cbor.CborWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What discovery writes: over the wire and to disk.
class FormatsTest {

  @TempDir private Path folder = Path.of("");

  private static byte[] envelope(int number, int addresses) {
    return SignedPeerRecord.seal(
        Rig.identity("n" + number),
        number,
        java.util.stream.IntStream.range(0, addresses)
            .mapToObj(i -> Rig.address("10.0." + number % 250 + "." + i))
            .toList());
  }

  @Test
  void a_request_is_three_bytes_and_an_answer_its_envelopes() {
    assertEquals("82011820", Hex.encode(PeersMessage.request(32)));
    assertEquals(32, PeersMessage.readRequest(PeersMessage.request(32)));
    assertEquals(32, PeersMessage.readRequest(PeersMessage.request(1_000)));
    assertEquals("820180", Hex.encode(PeersMessage.answer(List.of())));
    byte[] one = envelope(1, 2);
    List<byte[]> read = PeersMessage.readAnswer(PeersMessage.answer(List.of(one)));
    assertArrayEquals(one, read.getFirst());
    assertEquals(Rig.identity("n1").id(), Told.open(read.getFirst()).peer());
  }

  @Test
  void an_answer_stays_under_its_limits_whatever_is_known() {
    List<byte[]> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(envelope(i, 1));
    }
    assertEquals(32, PeersMessage.readAnswer(PeersMessage.answer(many)).size());
    List<byte[]> large = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      large.add(new byte[PeersMessage.RECORD_BYTES_MAX]);
    }
    large.add(3, new byte[PeersMessage.RECORD_BYTES_MAX + 1]);
    byte[] answer = PeersMessage.answer(large);
    assertTrue(answer.length <= PeersMessage.ANSWER_BYTES_MAX);
    assertEquals(7, PeersMessage.readAnswer(answer).size());
  }

  @Test
  void messages_over_a_limit_are_refused() {
    CborWriter tooMany = new CborWriter().array(2).uint(1).array(33);
    CborWriter enough = new CborWriter().array(2).uint(1).array(32);
    for (int i = 0; i < 33; i++) {
      tooMany.bytes(new byte[1]);
      if (i < 32) {
        enough.bytes(new byte[1]);
      }
    }
    assertEquals(32, PeersMessage.readAnswer(enough.toBytes()).size());
    refused(tooMany.toBytes());
    byte[] longest = new byte[PeersMessage.RECORD_BYTES_MAX];
    byte[] longer = new byte[PeersMessage.RECORD_BYTES_MAX + 1];
    assertEquals(
        1,
        PeersMessage.readAnswer(new CborWriter().array(2).uint(1).array(1).bytes(longest).toBytes())
            .size());
    refused(new CborWriter().array(2).uint(1).array(1).bytes(longer).toBytes());
    refused(new CborWriter().array(2).uint(2).array(0).toBytes());
    refused(new byte[PeersMessage.ANSWER_BYTES_MAX + 1]);
    refused(new byte[0]);
    assertThrows(
        MalformedException.class,
        () -> PeersMessage.readRequest(new CborWriter().array(2).uint(1).uint(0).toBytes()));
  }

  private static void refused(byte[] answer) {
    assertThrows(MalformedException.class, () -> PeersMessage.readAnswer(answer));
  }

  @Test
  void rubbish_never_breaks_the_reader() {
    Random random = new Random(3);
    byte[] good = PeersMessage.answer(List.of(envelope(1, 2), envelope(2, 1)));
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 1));
      if (bad.length > 0) {
        bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        PeersMessage.readAnswer(bad).forEach(Told::open);
      } catch (MalformedException e) {
        // Refused, as it should be.
      }
    }
  }

  @Test
  void a_forged_record_is_not_opened() {
    byte[] forged = envelope(1, 1);
    forged[forged.length - 1] ^= 1;
    assertThrows(MalformedException.class, () -> Told.open(forged));
  }

  @Test
  void a_peer_is_answered_eight_times_in_a_row_and_then_once_in_a_while() {
    AskRates rates = new AskRates();
    var a = Rig.identity("a").id();
    var b = Rig.identity("b").id();
    long now = 1_000;
    for (int i = 0; i < AskRates.BURST; i++) {
      assertTrue(rates.admits(a, now));
    }
    assertFalse(rates.admits(a, now));
    assertTrue(rates.admits(b, now), "another peer has a burst of its own");
    now += AskRates.REFILL.toNanos();
    assertTrue(rates.admits(a, now));
    assertFalse(rates.admits(a, now));
  }

  private static Saved some() {
    Rig rig = new Rig();
    rig.found(Source.DHT, "a", "198.51.100.1", "198.51.100.2");
    rig.up("b", true, "203.0.113.1", true);
    rig.up("c", false, "10.0.0.7", true);
    return rig.machine().saved();
  }

  @Test
  void the_file_says_what_was_saved() {
    Saved saved = some();
    Saved read = PeersFile.parse(PeersFile.text(saved));
    assertEquals(saved, read);
    assertEquals(3, read.peers().size());
    assertEquals(1, read.anchors().size());
  }

  @Test
  void an_address_that_a_stranger_made_up_does_not_spoil_the_file() {
    Rig rig = new Rig();
    rig.found(Source.DHT, "a", "198.51.100.1");
    List<Multiaddr> odd =
        List.of(
            Multiaddr.parse("/ip4/198.51.100.2/tcp/4501/sni/a,b"),
            Multiaddr.parse("/ip4/198.51.100.2/unix/a b"),
            Multiaddr.parse("/ip4/198.51.100.2/tcp/4501/sni/" + "x".repeat(300)),
            Multiaddr.parse("/ip4/198.51.100.2/tcp/4501/sni/\u03c0"));
    Told told = Told.open(SignedPeerRecord.seal(Rig.identity("b"), 1, odd));
    rig.step(new DiscoveryInput.Found(Source.DHT, Optional.empty(), List.of(told)));
    Saved saved = rig.machine().saved();
    assertEquals(saved, PeersFile.parse(PeersFile.text(saved)));
    assertEquals(1, saved.peers().size());
  }

  @Test
  void any_damage_to_the_file_is_noticed() {
    String text = PeersFile.text(some());
    for (int i = 0; i < text.length(); i += 7) {
      char c = text.charAt(i) == 'x' ? 'y' : 'x';
      String damaged = text.substring(0, i) + c + text.substring(i + 1);
      assertThrows(MalformedException.class, () -> PeersFile.parse(damaged));
    }
    for (int i = 0; i < text.length(); i += 11) {
      String cut = text.substring(0, i);
      assertThrows(MalformedException.class, () -> PeersFile.parse(cut));
    }
  }

  @Test
  void a_damaged_file_is_set_aside_and_costs_only_itself() throws IOException {
    Path file = folder.resolve("peers");
    PeersFile.save(file, some());
    assertEquals(3, load(file).peers().size());
    Files.writeString(file, "rubbish");
    assertEquals(0, load(file).peers().size());
    assertFalse(Files.exists(file));
    assertEquals("rubbish", Files.readString(folder.resolve("peers.damaged")));
    Files.write(file, new byte[(int) PeersFile.BYTES_MAX + 1]);
    assertEquals(0, load(file).peers().size());
  }

  @Test
  void the_file_of_an_earlier_version_is_read() throws IOException {
    Path file = folder.resolve("peers");
    Peerstore before = new Peerstore(Clock.system());
    var peer = Rig.identity("a").id();
    before.add(peer, List.of(Rig.address("198.51.100.1")), Duration.ofDays(1));
    before.save(file);
    Saved saved = load(file);
    assertEquals(1, saved.peers().size());
    assertEquals(peer, saved.peers().getFirst().peer());
    assertEquals(Source.CACHE, saved.peers().getFirst().source());
  }

  private static Saved load(Path file) {
    return new PeerCache(file).load(Clock.system(), new SecureRandom());
  }

  @Test
  void a_whole_address_book_fits_the_file() {
    List<Saved.Peer> peers = new ArrayList<>();
    Bytes envelope = Bytes.wrap(new byte[Peerstore.RECORD_BYTES_MAX]);
    var peer = Rig.identity("a").id();
    String start = "/ip4/198.51.100.1/tcp/4501/sni/";
    List<Multiaddr> longest =
        java.util.stream.IntStream.range(0, DiscoveryParams.ADDRESSES_MAX)
            .mapToObj(i -> start + "x".repeat(PeersFile.ADDRESS_CHARS_MAX - start.length() - 1) + i)
            .map(Multiaddr::parse)
            .toList();
    assertTrue(longest.stream().allMatch(PeersFile::holds));
    for (int i = 0; i < PeersFile.PEERS_MAX; i++) {
      peers.add(
          new Saved.Peer(
              true,
              peer,
              Source.DHT,
              "dht",
              1_764_000_000_000L,
              longest,
              Optional.of(new Told.Signed(1, envelope))));
    }
    assertTrue(PeersFile.text(new Saved(Rig.KEY, List.of(), peers)).length() < PeersFile.BYTES_MAX);
    peers.add(peers.getFirst());
    String more = PeersFile.text(new Saved(Rig.KEY, List.of(), peers));
    assertThrows(MalformedException.class, () -> PeersFile.parse(more));
  }
}
