package dev.cairn.storage.votes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.VoteRecord.Kind;
import dev.cairn.storage.StoreException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VoteFileTest {

  private static final Hash CHAIN = Hash.sha256(new byte[] {1});

  @TempDir Path temp;
  private Path folder;
  private Path log;

  @BeforeEach
  void create() {
    folder = temp.resolve("votes");
    log = folder.resolve("votes.log");
    VoteFile.create(folder, CHAIN);
  }

  private VoteFile open() {
    return VoteFile.open(folder, CHAIN);
  }

  private static VoteRecord vote(long slot, int length) {
    byte[] content = new byte[length];
    new Random(slot).nextBytes(content);
    Kind kind = length > 1000 ? Kind.CANDIDATE : Kind.VOTE;
    return new VoteRecord(kind, slot / 100, slot % 100, Bytes.wrap(content));
  }

  private List<VoteRecord> fill(int from, int to) {
    List<VoteRecord> entries = new ArrayList<>();
    try (VoteFile file = open()) {
      for (int i = from; i < to; i++) {
        VoteRecord entry = vote(i, 50 + 7 * i);
        file.append(entry);
        entries.add(entry);
      }
      file.sync();
    }
    return entries;
  }

  private List<VoteRecord> load() {
    try (VoteFile file = open()) {
      return file.load();
    }
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
  }

  @Test
  void records_come_back_in_their_order() {
    assertEquals(List.of(), load());
    List<VoteRecord> entries = fill(0, 10);
    assertEquals(entries, load());
    entries.addAll(fill(10, 12));
    try (VoteFile file = open()) {
      VoteRecord large = vote(12, VoteRecord.CONTENT_BYTES_MAX);
      file.append(large);
      entries.add(large);
      assertEquals(entries, file.load());
      file.sync();
    }
    assertEquals(entries, load());
  }

  @Test
  void a_missing_log_is_refused_and_not_made_anew() throws IOException {
    fill(0, 3);
    assertTrue(VoteFile.exists(folder));
    Files.delete(log);
    assertFalse(VoteFile.exists(folder));
    StoreException e = assertThrows(StoreException.class, this::open);
    assertTrue(e.getMessage().contains("vote twice"), e.getMessage());
    e = assertThrows(StoreException.class, () -> VoteFile.create(folder, CHAIN));
    assertTrue(e.getMessage().contains("vote twice"), e.getMessage());
  }

  @Test
  void a_log_is_made_once() {
    assertThrows(StoreException.class, () -> VoteFile.create(folder, CHAIN));
    fill(0, 1);
    assertThrows(StoreException.class, () -> VoteFile.create(folder, CHAIN));
  }

  @Test
  void a_crash_while_the_log_is_made_can_be_repeated() throws IOException {
    Files.delete(log);
    VoteFile.create(folder, CHAIN);
    assertEquals(List.of(), load());
  }

  @Test
  void another_chains_votes_are_refused() {
    Hash other = Hash.sha256(new byte[] {2});
    StoreException e = assertThrows(StoreException.class, () -> VoteFile.open(folder, other));
    assertTrue(e.getMessage().contains("another chain"), e.getMessage());
  }

  @Test
  void a_log_in_use_is_refused() {
    try (VoteFile _ = open()) {
      StoreException e = assertThrows(StoreException.class, this::open);
      assertTrue(e.getMessage().contains("in use"), e.getMessage());
    }
    open().close();
  }

  @Test
  void a_tail_that_was_never_synced_is_cut_wherever_it_is_torn() throws IOException {
    List<VoteRecord> entries = fill(0, 5);
    long synced = Files.size(log);
    try (VoteFile file = open()) {
      file.append(vote(5, 300));
    }
    byte[] whole = Files.readAllBytes(log);
    for (int length = (int) synced; length < whole.length; length += 13) {
      replace(log, Arrays.copyOf(whole, length));
      assertEquals(entries, load());
      assertEquals(synced, Files.size(log));
    }
    // A file that grew before its bytes were written.
    replace(log, Arrays.copyOf(Arrays.copyOf(whole, (int) synced), 4096));
    assertEquals(entries, load());
    replace(log, whole);
    assertEquals(6, load().size());
  }

  @Test
  void records_may_follow_a_cut() throws IOException {
    List<VoteRecord> entries = fill(0, 3);
    Files.write(log, new byte[5], StandardOpenOption.APPEND);
    entries.addAll(fill(3, 6));
    assertEquals(entries, load());
  }

  @Test
  void a_synced_record_that_is_gone_is_refused() throws IOException {
    fill(0, 5);
    byte[] whole = Files.readAllBytes(log);
    int last = Frames.frame(4, vote(4, 50 + 28)).length;
    for (int cut : new int[] {1, last - 1, last, last + 1, whole.length - Frames.HEAD_BYTES}) {
      replace(log, Arrays.copyOf(whole, whole.length - cut));
      assertThrows(StoreException.class, this::open, "cut by " + cut);
    }
    replace(log, whole);
    assertEquals(5, load().size());
  }

  @Test
  void every_flipped_bit_in_synced_bytes_is_refused() throws IOException {
    fill(0, 4);
    byte[] whole = Files.readAllBytes(log);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << (at % 8));
      replace(log, damaged);
      assertThrows(StoreException.class, this::open, "byte " + at);
    }
    replace(log, whole);
    Path witness = folder.resolve("votes.witness");
    byte[] known = Files.readAllBytes(witness);
    for (int at = 0; at < known.length; at++) {
      byte[] damaged = known.clone();
      damaged[at] ^= (byte) (1 << (at % 8));
      replace(witness, damaged);
      assertThrows(StoreException.class, this::open, "byte " + at);
    }
    Files.delete(witness);
    assertThrows(StoreException.class, this::open);
    replace(witness, known);
    assertEquals(4, load().size());
  }

  @Test
  void a_witness_that_lags_does_no_harm_and_flips_behind_it_are_refused() throws IOException {
    fill(0, 2);
    Path witness = folder.resolve("votes.witness");
    byte[] before = Files.readAllBytes(witness);
    List<VoteRecord> entries = fill(2, 4);
    replace(witness, before);
    List<VoteRecord> found = load();
    assertEquals(entries, found.subList(2, 4));
    byte[] whole = Files.readAllBytes(log);
    int refused = 0;
    int last = Frames.frame(3, entries.get(1)).length;
    for (int at = whole.length - last; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 4;
      replace(log, damaged);
      assertThrows(StoreException.class, this::open, "byte " + at);
      refused++;
    }
    assertEquals(last, refused);
  }

  @Test
  void an_unknown_version_is_refused() throws IOException {
    byte[] head = Frames.head(0, CHAIN);
    head[11] = 9;
    CRC32C crc = new CRC32C();
    crc.update(head, 0, Frames.HEAD_BYTES - 4);
    ByteBuffer.wrap(head).putInt(Frames.HEAD_BYTES - 4, (int) crc.getValue());
    replace(log, head);
    StoreException e = assertThrows(StoreException.class, this::open);
    assertTrue(e.getMessage().contains("format 9"), e.getMessage());
  }

  @Test
  void pruning_rewrites_a_log_that_grew_and_leaves_a_floor() throws IOException {
    try (VoteFile file = VoteFile.open(folder, CHAIN, 4000)) {
      for (int i = 0; i < 20; i++) {
        file.append(vote(i, 500));
        file.sync();
      }
      file.prune(0, 16);
      assertEquals(
          List.of(VoteRecord.floor(0, 16), vote(17, 500), vote(18, 500), vote(19, 500)),
          file.load());
      assertTrue(Files.size(log) < 2500);
      file.append(vote(20, 500));
      file.prune(0, 19); // too small again to be worth it
      file.sync();
      assertEquals(5, file.load().size());
    }
    try (VoteFile file = VoteFile.open(folder, CHAIN, 100)) {
      file.append(vote(21, 500));
      file.prune(0, 3); // below the floor: the floor stays
      assertEquals(VoteRecord.floor(0, 16), file.load().getFirst());
      assertEquals(6, file.load().size());
    }
    assertEquals(6, load().size());
  }

  @Test
  void a_crash_between_the_rewrite_and_its_witness_does_no_harm() throws IOException {
    Path witness = folder.resolve("votes.witness");
    byte[] before;
    byte[] old;
    try (VoteFile file = VoteFile.open(folder, CHAIN, 100)) {
      for (int i = 0; i < 5; i++) {
        file.append(vote(i, 500));
      }
      file.sync();
      before = Files.readAllBytes(witness);
      old = Files.readAllBytes(log);
      file.prune(0, 3);
    }
    byte[] after = Files.readAllBytes(witness);
    replace(witness, before);
    assertEquals(List.of(VoteRecord.floor(0, 3), vote(4, 500)), load());
    replace(witness, after);
    replace(log, old);
    assertThrows(StoreException.class, this::open, "the file before the rewrite");
  }

  @Test
  void random_damage_never_gives_other_records() throws IOException {
    Random random = new Random(9);
    List<VoteRecord> entries = fill(0, 6);
    byte[] whole = Files.readAllBytes(log);
    for (int i = 0; i < 300; i++) {
      replace(log, whole);
      try (RandomAccessFile raw = new RandomAccessFile(log.toFile(), "rw")) {
        byte[] noise = new byte[1 + random.nextInt(64)];
        random.nextBytes(noise);
        raw.seek(random.nextInt(whole.length));
        raw.write(noise);
      }
      try {
        assertEquals(entries, load());
      } catch (StoreException e) {
        assertFalse(e.getMessage().isBlank());
      }
    }
  }
}
