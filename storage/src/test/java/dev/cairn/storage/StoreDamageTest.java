package dev.cairn.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Crashes and damage: nothing that was acknowledged goes missing without a word.
class StoreDamageTest {

  private static final StoreParams PARAMS = new StoreParams(1 << 20, 1 << 20, 16, 100);
  private static final int BLOCKS = 12;

  @TempDir Path temp;
  private Path whole;
  private int copies;

  @BeforeEach
  void fill() {
    whole = temp.resolve("whole");
    try (Store store = open(whole)) {
      for (long height = 0; height < BLOCKS; height++) {
        store.commit(Commits.at(height));
      }
    }
  }

  private static Store open(Path folder) {
    return Store.open(folder, Commits.CHAIN, PARAMS);
  }

  private Path copy() throws IOException {
    Path to = temp.resolve("copy " + copies++);
    Commits.copy(whole, to);
    return to;
  }

  /// The write-ahead log with the commits.
  private static Path log(Path folder) throws IOException {
    List<Path> logs = Commits.files(folder.resolve("rocks"), ".log");
    Path largest = logs.getFirst();
    for (Path log : logs) {
      largest = Files.size(log) > Files.size(largest) ? log : largest;
    }
    return largest;
  }

  /// True when the damage was refused; false when all is there in spite of it.
  private static boolean refused(Path folder) {
    try (Store store = open(folder)) {
      StoreTest.check(store, BLOCKS);
      return false;
    } catch (StoreException e) {
      assertFalse(e.getMessage().isBlank());
      return true;
    }
  }

  @Test
  void a_kill_in_the_middle_of_a_commit_leaves_the_block_before() throws IOException {
    Path before = copy();
    try (Store store = open(whole)) {
      store.commit(Commits.at(BLOCKS));
    }
    // The reopened store began a new log that holds the last commit alone.
    Path last = log(whole);
    long size = Files.size(last);
    for (long cut : new long[] {0, 1, 7, size / 2, size - 8, size - 1}) {
      Path crashed = temp.resolve("crashed " + cut);
      Commits.copy(whole, crashed);
      Files.delete(crashed.resolve("HEAD"));
      Files.copy(before.resolve("HEAD"), crashed.resolve("HEAD"));
      Commits.cut(log(crashed), cut);
      try (Store store = open(crashed)) {
        StoreTest.check(store, cut == 0 ? BLOCKS + 1 : BLOCKS);
        if (cut > 0) {
          store.commit(Commits.at(BLOCKS));
        }
        StoreTest.check(store, BLOCKS + 1);
      }
    }
  }

  @Test
  void a_lost_tail_of_acknowledged_blocks_is_refused() throws IOException {
    for (int cut : new int[] {1, 100, 3000, 10_000}) {
      Path folder = copy();
      Commits.cut(log(folder), cut);
      StoreException e = assertThrows(StoreException.class, () -> open(folder).close());
      assertTrue(e.getMessage().contains("damaged"), e.getMessage());
    }
  }

  @Test
  void without_its_witness_a_lost_tail_would_go_unnoticed() throws IOException {
    Path folder = copy();
    Commits.cut(log(folder), 100);
    Path young = temp.resolve("young");
    open(young).close();
    Files.delete(folder.resolve("HEAD"));
    Files.copy(young.resolve("HEAD"), folder.resolve("HEAD"));
    try (Store store = open(folder)) {
      assertEquals(BLOCKS - 2, store.head().orElseThrow().height());
    }
  }

  @Test
  void flipped_bits_in_the_log_are_not_silent() throws IOException {
    Random random = new Random(5);
    long size = Files.size(log(whole));
    int refused = 0;
    for (int i = 0; i < 40; i++) {
      Path folder = copy();
      Commits.flip(log(folder), random.nextLong(size), random.nextInt(8));
      refused += refused(folder) ? 1 : 0;
    }
    assertTrue(refused > 30, refused + " of 40");
  }

  @Test
  void flipped_bits_in_sorted_files_are_not_silent() throws IOException {
    int refused = refusedOf40(".sst", 5);
    assertTrue(refused > 10, refused + " of 40");
  }

  @Test
  void flipped_bits_in_files_of_large_values_are_not_silent() throws IOException {
    int refused = refusedOf40(".blob", 0);
    assertTrue(refused > 30, refused + " of 40");
  }

  /// Of 40 flips in files of a kind, of which there are more than `least`.
  private int refusedOf40(String suffix, int least) throws IOException {
    open(whole).close(); // recovery writes the log's content to these files
    Random random = new Random(6);
    List<Path> tables = Commits.files(whole.resolve("rocks"), suffix);
    assertTrue(tables.size() > least);
    int refused = 0;
    for (int i = 0; i < 40; i++) {
      Path folder = copy();
      Path table =
          folder
              .resolve("rocks")
              .resolve(tables.get(random.nextInt(tables.size())).getFileName().toString());
      Commits.flip(table, random.nextLong(Files.size(table)), random.nextInt(8));
      refused += refused(folder) ? 1 : 0;
    }
    return refused;
  }

  @Test
  void flipped_bits_in_the_small_files_are_not_silent() throws IOException {
    Random random = new Random(7);
    for (String name : List.of("HEAD", "FORMAT", "rocks/CURRENT")) {
      for (int i = 0; i < 8; i++) {
        Path folder = copy();
        Path file = folder.resolve(name);
        Commits.flip(file, random.nextLong(Files.size(file)), random.nextInt(8));
        assertTrue(refused(folder), name);
      }
    }
    int refused = 0;
    for (int i = 0; i < 10; i++) {
      Path folder = copy();
      Path manifest;
      try (var files = Files.list(folder.resolve("rocks"))) {
        manifest =
            files
                .filter(f -> f.getFileName().toString().startsWith("MANIFEST"))
                .findAny()
                .orElseThrow();
      }
      Commits.flip(manifest, random.nextLong(Files.size(manifest)), random.nextInt(8));
      refused += refused(folder) ? 1 : 0;
    }
    assertTrue(refused > 5, refused + " of 10");
  }

  @Test
  void missing_files_are_refused() throws IOException {
    Path noWitness = copy();
    Files.delete(noWitness.resolve("HEAD"));
    assertTrue(refused(noWitness));
    Path noCurrent = copy();
    Files.delete(noCurrent.resolve("rocks/CURRENT"));
    assertTrue(refused(noCurrent));
    Path noLog = copy();
    Files.delete(log(noLog));
    assertTrue(refused(noLog));
    open(whole).close();
    Path noValues = copy();
    for (Path values : Commits.files(noValues.resolve("rocks"), ".blob")) {
      Files.delete(values);
    }
    assertTrue(refused(noValues));
    Path older = copy();
    Path empty = temp.resolve("empty");
    open(empty).close();
    try (var files = Files.walk(older.resolve("rocks"))) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
    Commits.copy(empty.resolve("rocks"), older.resolve("rocks"));
    assertTrue(refused(older));
  }
}
