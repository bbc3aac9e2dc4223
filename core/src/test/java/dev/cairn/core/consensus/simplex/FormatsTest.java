package dev.cairn.core.consensus.simplex;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import dev.cairn.multiformats.MalformedException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// Encodings of messages and records, the set's arithmetic and the order of leaders.
class FormatsTest {

  private final TestChain chain = new TestChain(100, 1_000, 3, 1, 1);
  private final Block block = chain.block(chain.genesis(), 0, TestChain.GENESIS_MILLIS + 1, "a");

  private List<byte[]> samples() {
    return List.of(
        chain.proposal(0, 3, 300, 255, block).encode(),
        chain.vote(1, new Notarize(0, 1, block.id())).encode(),
        chain.vote(1, new Skip(70_000, 1L << 40)).encode(),
        chain.vote(2, new Finalize(0, 24, block.id())).encode(),
        chain.certificate(new Finalize(0, 24, block.id()), 0, 2).encode());
  }

  @Test
  void messages_come_back_as_they_were() {
    for (byte[] sample : samples()) {
      assertArrayEquals(sample, Message.decode(sample).encode());
    }
  }

  private static byte[] mutated(byte[] sample, Random random) {
    byte[] data = sample.clone();
    switch (random.nextInt(4)) {
      case 0 -> data = Arrays.copyOf(data, random.nextInt(data.length + 4));
      case 1 -> {
        data = new byte[random.nextInt(60)];
        random.nextBytes(data);
      }
      default -> {
        for (int i = random.nextInt(3); i >= 0; i--) {
          data[random.nextInt(Math.min(data.length, 24))] = (byte) random.nextInt();
        }
      }
    }
    return data;
  }

  /// Nothing but [MalformedException] comes out, and what is taken is what would have been written.
  private static int fuzz(List<byte[]> samples, UnaryOperator<byte[]> again) {
    Random random = new Random(5);
    int taken = 0;
    for (int i = 0; i < 15_000; i++) {
      byte[] data = mutated(samples.get(i % samples.size()), random);
      try {
        assertArrayEquals(data, again.apply(data));
        taken++;
      } catch (MalformedException e) {
        // What most of them are.
      }
    }
    return taken;
  }

  @Test
  void decoders_survive_garbage() {
    assertTrue(fuzz(samples(), d -> Message.decode(d).encode()) > 100);
    byte[] header = block.header().consensus().toArray();
    assertTrue(
        fuzz(List.of(header), d -> HeaderTuple.decode(Bytes.wrap(d)).encode().toArray()) > 100);
    Bytes evidence =
        new Evidence(chain.vote(0, new Skip(0, 1)), chain.vote(0, new Skip(0, 2))).encode();
    assertTrue(
        fuzz(List.of(evidence.toArray()), d -> Evidence.decode(Bytes.wrap(d)).encode().toArray())
            > 100);
    VoteRecord candidate = CandidateRecord.of(chain.proposal(0, 0, 1, 0, block), block);
    assertTrue(fuzz(List.of(candidate.encode()), d -> VoteRecord.decode(d).encode()) > 100);
    fuzz(
        List.of(candidate.content().toArray()),
        d -> {
          CandidateRecord c = CandidateRecord.decode(Bytes.wrap(d));
          return CandidateRecord.of(c.proposal(), c.block()).content().toArray();
        });
  }

  @Test
  void a_record_has_its_limits() {
    assertThrows(
        MalformedException.class,
        () ->
            new VoteRecord(
                VoteRecord.Kind.VOTE,
                0,
                1,
                Bytes.wrap(new byte[VoteRecord.CONTENT_BYTES_MAX + 1])));
    VoteRecord full =
        new VoteRecord(
            VoteRecord.Kind.CANDIDATE, 0, 1, Bytes.wrap(new byte[VoteRecord.CONTENT_BYTES_MAX]));
    assertTrue(full.encode().length <= VoteRecord.BYTES_MAX);
    assertEquals(full, VoteRecord.decode(full.encode()));
    assertThrows(
        MalformedException.class, () -> VoteRecord.decode(new byte[] {(byte) 0x84, 4, 0, 0, 0x40}));
    assertTrue(VoteRecord.floor(1, 5).atOrBelow(1, 5));
    assertTrue(VoteRecord.floor(0, 9).atOrBelow(1, 5));
    assertEquals(false, VoteRecord.floor(1, 6).atOrBelow(1, 5));
  }

  @Test
  void a_quorum_is_two_thirds_and_one_without_overflow() {
    long[][] expected = {{1, 1}, {2, 2}, {3, 3}, {4, 3}, {5, 4}, {6, 5}, {7, 5}, {100, 67}};
    for (long[] pair : expected) {
      assertEquals(pair[1], ValidatorSet.quorum(pair[0]));
    }
    assertEquals(Long.MAX_VALUE / 3 * 2 + 1, ValidatorSet.quorum(Long.MAX_VALUE / 3 * 3));
  }

  @Test
  void a_set_refuses_what_is_not_one() {
    ValidatorSet set = chain.set();
    assertThrows(IllegalArgumentException.class, () -> new ValidatorSet(List.of()));
    assertThrows(
        IllegalArgumentException.class, () -> new ValidatorSet(List.of(set.get(1), set.get(0))));
    assertThrows(
        IllegalArgumentException.class, () -> new ValidatorSet(List.of(set.get(0), set.get(0))));
    assertEquals(1, set.indexOf(set.get(1).key()));
    assertEquals(-1, set.indexOf(Bytes.wrap(new byte[32])));
  }

  private static String leaders(int slots, long... stakes) {
    Leaders leaders = new Leaders(new TestChain(100, 1_000, stakes).set());
    StringBuilder text = new StringBuilder();
    for (int slot = 1; slot <= slots; slot++) {
      text.append(leaders.of(slot));
    }
    return text.toString();
  }

  @Test
  void leaders_take_turns_by_stake() {
    assertEquals("01230123", leaders(8, 1, 1, 1, 1));
    assertEquals("00102000010200", leaders(14, 5, 1, 1));
    assertEquals("00000", leaders(5, 9));
  }

  @Test
  void a_leader_of_long_ago_is_not_known_and_a_recent_one_is() {
    Leaders leaders = new Leaders(new TestChain(100, 1_000, 1, 1, 1).set());
    assertEquals(1, leaders.of(5_000));
    long oldest = 5_000 - Leaders.BEHIND_MAX + 1;
    assertEquals((oldest - 1) % 3, leaders.of(oldest));
    assertEquals(-1, leaders.of(oldest - 1));
    assertEquals(2, leaders.of(5_001));
  }
}
