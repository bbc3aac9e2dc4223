package dev.cairn.files.bitswap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ServerTest {

  private static final PeerId ANN = TestPeers.id(1);
  private static final PeerId BOB = TestPeers.id(2);
  private static final OptionalInt LARGE = OptionalInt.of(100_000);
  private static final OptionalInt SMALL = OptionalInt.of(1_024);
  private static final OptionalInt ABSENT = OptionalInt.empty();

  private final Server server = new Server(BitswapParams.STANDARD);

  private static Cid cid(int number) {
    return Cid.hash(Cid.RAW, new byte[] {(byte) number, (byte) (number >> 8)});
  }

  private Optional<Presence> ask(PeerId peer, Entry entry, OptionalInt size) {
    server.receive(peer, List.of(entry), false);
    assertTrue(server.unchecked(peer, 10).contains(entry.cid()));
    return server.checked(peer, entry.cid(), size);
  }

  @Test
  void a_wanted_block_that_is_here_is_sent_once() {
    assertEquals(Optional.empty(), ask(ANN, Entry.wantBlock(cid(1)), LARGE));
    assertEquals(100_000, server.pendingBytes(ANN));
    assertEquals(Optional.of(cid(1)), server.next(ANN));
    assertEquals(Optional.empty(), server.next(ANN));
    assertEquals(0, server.pendingBytes(ANN));
    assertEquals(0, server.wants(ANN));
  }

  @Test
  void a_want_have_is_answered_with_the_word_or_with_a_small_block() {
    assertEquals(
        Optional.of(new Presence(cid(1), true)), ask(ANN, Entry.wantHave(cid(1)), LARGE));
    assertEquals(Optional.empty(), server.next(ANN));
    assertEquals(Optional.empty(), ask(ANN, Entry.wantHave(cid(2)), SMALL));
    assertEquals(Optional.of(cid(2)), server.next(ANN));
  }

  @Test
  void what_is_not_here_is_told_once_and_remembered() {
    Presence no = new Presence(cid(1), false);
    assertEquals(Optional.of(no), ask(ANN, Entry.wantHave(cid(1)), ABSENT));
    assertEquals(1, server.wants(ANN));
    assertEquals(List.of(ANN), server.arrived(cid(1)));
    assertEquals(
        Optional.of(new Presence(cid(1), true)), server.checked(ANN, cid(1), LARGE));
    assertEquals(List.of(), server.arrived(cid(1)));
    Entry quiet = new Entry(cid(2), 1, false, true, false);
    assertEquals(Optional.empty(), ask(ANN, quiet, ABSENT));
    assertEquals(List.of(ANN), server.arrived(cid(2)));
    server.checked(ANN, cid(2), LARGE);
    assertEquals(Optional.of(cid(2)), server.next(ANN));
  }

  @Test
  void a_block_is_found_whatever_codec_names_it() {
    Cid other = Cid.sha256(Cid.DAG_PB, cid(1).digest());
    ask(ANN, Entry.wantBlock(other), ABSENT);
    assertEquals(List.of(ANN), server.arrived(cid(1)));
    server.checked(ANN, other, LARGE);
    assertEquals(Optional.of(other), server.next(ANN));
  }

  @Test
  void a_cancel_ends_a_want_at_every_stage() {
    ask(ANN, Entry.wantBlock(cid(1)), LARGE);
    ask(ANN, Entry.wantBlock(cid(2)), ABSENT);
    server.receive(ANN, List.of(Entry.wantBlock(cid(3))), false);
    List<Entry> cancels =
        List.of(Entry.cancel(cid(1)), Entry.cancel(cid(2)), Entry.cancel(cid(3)));
    server.receive(ANN, cancels, false);
    assertEquals(Optional.empty(), server.next(ANN));
    assertEquals(List.of(), server.arrived(cid(2)));
    assertEquals(List.of(), server.unchecked(ANN, 10));
    assertEquals(0, server.peers());
  }

  @Test
  void a_want_for_the_word_becomes_one_for_the_block_and_never_back() {
    ask(ANN, Entry.wantHave(cid(1)), ABSENT);
    ask(ANN, Entry.wantBlock(cid(1)), LARGE);
    server.receive(ANN, List.of(Entry.wantHave(cid(1))), false);
    assertEquals(Optional.of(cid(1)), server.next(ANN));
  }

  @Test
  void a_full_want_list_replaces_the_last_one() {
    ask(ANN, Entry.wantBlock(cid(1)), LARGE);
    server.receive(ANN, List.of(Entry.wantBlock(cid(2))), true);
    assertEquals(Optional.empty(), server.next(ANN));
    assertEquals(List.of(cid(2)), server.unchecked(ANN, 10));
  }

  @Test
  void higher_priority_goes_first() {
    ask(ANN, new Entry(cid(1), 1, false, true, false), LARGE);
    ask(ANN, new Entry(cid(2), 9, false, true, false), LARGE);
    assertEquals(Optional.of(cid(2)), server.next(ANN));
  }

  @Test
  void readers_who_start_together_get_different_blocks() {
    for (int i = 0; i < 4; i++) {
      ask(ANN, Entry.wantBlock(cid(i)), LARGE);
      ask(BOB, Entry.wantBlock(cid(i)), LARGE);
    }
    List<Cid> sent = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      sent.add(server.next(ANN).orElseThrow());
      sent.add(server.next(BOB).orElseThrow());
    }
    assertEquals(4, sent.stream().distinct().count());
    assertEquals(Optional.of(cid(1)), server.next(ANN));
  }

  @Test
  void the_wants_of_a_peer_are_bounded_and_go_with_it() {
    Server few = new Server(BitswapParams.STANDARD.withWants(10, 100));
    List<Entry> most = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      most.add(Entry.wantHave(cid(i)));
    }
    assertEquals(List.of(), few.receive(ANN, most, false));
    assertEquals(
        List.of(new Presence(cid(10), false)),
        few.receive(ANN, List.of(Entry.wantHave(cid(10))), false));
    assertEquals(List.of(), few.receive(ANN, most, false));
    assertEquals(10, few.wants(ANN));
    assertEquals(List.of(), few.receive(BOB, List.of(Entry.wantHave(cid(10))), false));
    few.receive(ANN, List.of(Entry.cancel(cid(0))), false);
    assertEquals(List.of(), few.receive(ANN, List.of(Entry.wantHave(cid(10))), false));
    few.gone(ANN);
    assertEquals(0, few.wants(ANN));
    assertEquals(1, few.peers());
  }
}
