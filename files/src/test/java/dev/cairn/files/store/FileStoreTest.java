package dev.cairn.files.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.Content;
import dev.cairn.files.block.Block;
import dev.cairn.files.unixfs.Export;
import dev.cairn.files.unixfs.ExportOptions;
import dev.cairn.files.unixfs.ImportOptions;
import dev.cairn.files.unixfs.Imported;
import dev.cairn.files.unixfs.Importer;
import dev.cairn.files.unixfs.Profile;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multihash;
import dev.cairn.storage.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {

  private static final FileStoreParams PARAMS = FileStoreParams.defaults();
  private static final Profile TINY =
      new Profile("tiny", 1, true, 20_000, 3, 8, 300, Profile.Estimate.BLOCK_BYTES);

  @TempDir Path temp;
  private Path folder;
  private FileStore store;

  @BeforeEach
  void open() {
    folder = temp.resolve("store");
    store = FileStore.open(folder, PARAMS);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen(FileStoreParams params) {
    store.close();
    store = FileStore.open(folder, params);
  }

  private static Block block(String seed, int size) {
    return Block.of(Cid.RAW, Content.of(seed, size));
  }

  private List<Path> blockFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("blocks"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private Imported add(String seed, int size) throws IOException {
    try (InputStream in = new Content(seed, size)) {
      return new Importer(TINY, store).add(in);
    }
  }

  @Test
  void blocks_of_any_size_are_kept_over_a_restart() throws IOException {
    List<Block> blocks =
        List.of(
            block("a", 0),
            block("b", 1),
            block("c", Fresh.INLINE_BYTES_MAX),
            block("d", Fresh.INLINE_BYTES_MAX + 1),
            block("e", Block.BYTES_MAX));
    store.put(blocks);
    store.put(blocks);
    assertEquals(2, blockFiles().size());
    for (int i = 0; i < 2; i++) {
      long bytes = 0;
      for (Block block : blocks) {
        assertArrayEquals(block.bytes(), store.get(block.cid()).orElseThrow());
        assertEquals(block.size(), store.size(block.cid()).orElseThrow());
        Cid otherCodec = Cid.sha256(Cid.DAG_PB, block.cid().digest());
        assertTrue(store.has(otherCodec));
        bytes += block.size();
      }
      assertEquals(new StoreStat(5, bytes, Long.MAX_VALUE, 0, 0, 0), store.stat());
      reopen(PARAMS);
    }
    assertFalse(store.has(block("f", 10).cid()));
    assertEquals(0, store.verify(n -> {}).faulty());
  }

  @Test
  void content_in_a_cid_is_always_here_and_never_kept() {
    Cid cid = Cid.of(Cid.RAW, Multihash.of(Multihash.IDENTITY, new byte[] {1, 2}));
    assertArrayEquals(new byte[] {1, 2}, store.get(cid).orElseThrow());
    store.put(Block.inline(cid).orElseThrow());
    assertEquals(0, store.stat().blocks());
  }

  @Test
  void what_was_left_in_its_place_says_why_it_is_gone() throws IOException {
    Path file = temp.resolve("file");
    Files.write(file, Content.of("p", 10_000));
    Cid cid =
        new Importer(TINY, store).addPath(file, ImportOptions.DEFAULTS.withInPlace(true)).cid();
    assertEquals(Optional.empty(), store.lost(cid));
    Files.delete(file);
    assertEquals(Optional.of("it was left in its place, and the file is gone"), store.lost(cid));
    assertEquals(Optional.empty(), store.lost(block("never", 10).cid()));
  }

  @Test
  void so_much_of_the_disk_is_left_free() {
    store.put(block("a", 60_000));
    reopen(PARAMS.withFree(Long.MAX_VALUE));
    Block more = block("b", 60_000);
    StoreException e = assertThrows(StoreException.class, () -> store.put(more));
    assertTrue(e.getMessage().contains("is nearly full") && e.getMessage().contains("make room"));
    assertFalse(store.has(more.cid()));
    store.put(block("a", 60_000)); // is here: costs nothing
    assertArrayEquals(
        block("a", 60_000).bytes(), store.get(block("a", 60_000).cid()).orElseThrow());
    reopen(PARAMS);
    store.put(more);
    assertEquals(2, store.stat().blocks());
  }

  @Test
  void the_quota_is_exact_over_restarts_and_says_when_it_is_used_up() throws IOException {
    reopen(PARAMS.withQuota(100_000));
    store.put(block("a", 60_000));
    store.put(block("a", 60_000)); // is here: costs nothing
    reopen(PARAMS.withQuota(100_000));
    store.put(block("b", 100));
    StoreException e =
        assertThrows(
            StoreException.class, () -> store.put(List.of(block("c", 100), block("d", 39_801))));
    assertTrue(e.getMessage().contains("full: 60100 of 100000"), e.getMessage());
    assertFalse(store.has(block("c", 100).cid()));
    assertEquals(60_100, store.stat().bytes());
    store.put(block("d", 39_900));
    assertEquals(100_000, store.stat().bytes());
    assertEquals(2, blockFiles().size());
    assertThrows(StoreException.class, () -> store.put(block("e", 1)));
    assertEquals(3, store.gc(Duration.ZERO).removedBlocks());
    assertEquals(0, store.stat().bytes());
    store.put(block("e", 100_000));
  }

  @Test
  void a_damaged_block_is_never_returned_and_can_be_put_again() throws IOException {
    Block block = block("a", 50_000);
    for (int way = 0; way < 3; way++) {
      store.put(block);
      Path file = blockFiles().getFirst();
      byte[] content = Files.readAllBytes(file);
      if (way == 0) {
        content[40_000] ^= 1;
        Files.write(file, content);
      } else if (way == 1) {
        Files.write(file, java.util.Arrays.copyOf(content, 49_999));
      } else {
        Files.delete(file);
      }
      assertTrue(store.get(block.cid()).isEmpty());
      assertFalse(store.has(block.cid()));
      assertEquals(0, store.stat().bytes());
    }
    store.put(block);
    assertArrayEquals(block.bytes(), store.get(block.cid()).orElseThrow());
  }

  @Test
  void verify_finds_damage_that_nobody_has_read_yet() throws IOException {
    store.put(List.of(block("a", 50_000), block("b", 50_000), block("c", 10)));
    Path file = blockFiles().getFirst();
    byte[] content = Files.readAllBytes(file);
    content[0] ^= 1;
    Files.write(file, content);
    long[] progress = new long[1];
    VerifyReport report = store.verify(n -> progress[0] += n);
    assertEquals(1, report.faulty());
    assertEquals(3, report.blocks());
    assertEquals(100_010, progress[0]);
    assertTrue(report.faults().getFirst().contains("damaged"));
    assertEquals(0, store.verify(n -> {}).faulty());
    assertEquals(2, store.stat().blocks());
  }

  @Test
  void content_in_place_is_read_there_and_missed_when_it_changes() throws IOException {
    Path file = temp.resolve("film");
    byte[] content = Content.of("film", 3 << 20);
    Files.write(file, content);
    ImportOptions inPlace = ImportOptions.DEFAULTS.withInPlace(true);
    Imported imported = new Importer(Profile.V1_2025, store).addPath(file, inPlace);
    StoreStat stat = store.stat();
    assertEquals(3, stat.inPlaceBlocks());
    assertEquals(3 << 20, stat.inPlaceBytes());
    assertTrue(stat.bytes() < 1000, stat.toString());
    new Export(store.source(), ExportOptions.DEFAULTS).to(imported.cid(), temp.resolve("copy"));
    assertArrayEquals(content, Files.readAllBytes(temp.resolve("copy")));
    Cid second = Cid.hash(Cid.RAW, content, 1 << 20, 1 << 20);
    content[(1 << 20) + 5] ^= 1;
    Files.write(file, content);
    assertFalse(store.has(second));
    assertTrue(store.get(second).isEmpty());
    assertTrue(store.has(Cid.hash(Cid.RAW, content, 0, 1 << 20)));
    VerifyReport report = store.verify(n -> {});
    assertEquals(1, report.faulty());
    assertTrue(report.faults().getFirst().contains("film"), report.toString());
    content[(1 << 20) + 5] ^= 1;
    Files.write(file, content);
    assertTrue(store.has(second)); // it came back
    Files.delete(file);
    assertFalse(store.has(second));
    // A copy takes the reference's place.
    store.put(Block.of(Cid.RAW, java.util.Arrays.copyOfRange(content, 1 << 20, 2 << 20)));
    assertTrue(store.has(second));
    assertEquals(2, store.stat().inPlaceBlocks());
    assertThrows(
        IOException.class, () -> new Importer(Profile.V0_2015, store).addPath(temp, inPlace));
  }

  @Test
  void pins_are_listed_renamed_and_kept_over_a_restart() throws IOException {
    Imported a = add("a", 100_000);
    Cid absent = Cid.hash(Cid.DAG_PB, new byte[] {1});
    store.pin(a.cid(), "first");
    store.pin(absent, "not here yet");
    store.pin(a.cid(), "renamed");
    reopen(PARAMS);
    assertEquals(2, store.pins().size());
    assertEquals("renamed", store.pinned(a.cid()).orElseThrow().name());
    assertTrue(store.unpin(absent));
    assertFalse(store.unpin(absent));
    assertEquals(1, store.stat().pins());
    assertThrows(IllegalArgumentException.class, () -> store.pin(absent, "n".repeat(1025)));
  }

  @Test
  void collection_keeps_what_pins_holds_and_youth_keep() throws IOException {
    Imported pinned = add("pinned", 200_000);
    Imported loose = add("loose", 200_000);
    store.pin(pinned.cid(), "p");
    assertEquals(0, store.gc(Duration.ofHours(1)).removedBlocks());
    try (Hold _ = store.hold()) {
      Imported held = add("held", 200_000);
      Imported again = add("loose", 200_000); // is here, and is put again under the hold
      assertEquals(loose.cid(), again.cid());
      assertEquals(0, store.gc(Duration.ZERO).removedBlocks());
      store.pin(held.cid(), "h");
    }
    long before = store.stat().bytes();
    GcReport report = store.gc(Duration.ZERO);
    assertEquals(loose.blocks(), report.removedBlocks());
    assertEquals(before - report.removedBytes(), store.stat().bytes());
    assertEquals(0, report.missing());
    new Export(store.source(), ExportOptions.DEFAULTS).to(pinned.cid(), temp.resolve("copy"));
    assertFalse(store.has(loose.cid()));
    assertTrue(store.unpin(pinned.cid()));
    store.gc(Duration.ZERO);
    assertFalse(store.has(pinned.cid()));
  }

  @Test
  void collection_removes_files_that_a_crash_left_without_a_row() throws IOException {
    Block stray = block("stray", 30_000);
    String hex = dev.cairn.multiformats.Hex.encode(stray.cid().multihash().encode());
    Path file = folder.resolve("blocks").resolve(hex.substring(hex.length() - 2)).resolve(hex);
    Files.write(file, stray.bytes());
    Files.writeString(folder.resolve("new").resolve("half"), "half");
    reopen(PARAMS);
    assertFalse(Files.exists(folder.resolve("new").resolve("half")));
    store.gc(Duration.ZERO);
    assertFalse(Files.exists(file));
  }

  @Test
  void what_is_added_and_pinned_during_collections_is_kept() throws Exception {
    try (ExecutorService adders = Executors.newFixedThreadPool(3)) {
      List<Future<Imported>> added = new java.util.ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String seed = "concurrent-" + i % 10; // each three times: put, collected, put again
        added.add(
            adders.submit(
                () -> {
                  try (Hold _ = store.hold()) {
                    Imported imported = add(seed, 150_000);
                    store.pin(imported.cid(), seed);
                    return imported;
                  }
                }));
        if (i % 3 == 0) {
          add("garbage-" + i, 50_000);
        }
        store.gc(Duration.ZERO);
      }
      for (Future<Imported> one : added) {
        Cid cid = one.get().cid();
        assertTrue(dev.cairn.files.dag.DagWalk.summarize(store.source(), cid).complete());
      }
    }
    assertEquals(0, store.verify(n -> {}).faulty());
    store.pins().forEach(pin -> store.unpin(pin.cid()));
    store.gc(Duration.ZERO);
    assertEquals(new StoreStat(0, 0, Long.MAX_VALUE, 0, 0, 0), store.stat());
    assertEquals(0, blockFiles().size());
  }

  @Test
  void another_holder_of_the_folder_is_named() {
    StoreException e = assertThrows(StoreException.class, () -> FileStore.open(folder, PARAMS));
    assertTrue(
        e.getMessage().contains("in use by process " + ProcessHandle.current().pid()),
        e.getMessage());
  }

  @Test
  void a_folder_of_another_format_is_refused() throws IOException {
    store.close();
    Files.writeString(folder.resolve("FORMAT"), "cairn files\nformat 9\n");
    assertThrows(StoreException.class, () -> FileStore.open(folder, PARAMS));
    Files.delete(folder.resolve("FORMAT"));
    assertThrows(StoreException.class, () -> FileStore.open(folder, PARAMS));
    Files.writeString(folder.resolve("FORMAT"), "cairn files\nformat 1\n");
    store = FileStore.open(folder, PARAMS);
  }

  @Test
  void content_in_place_that_cannot_be_read_is_missing_and_no_error() throws IOException {
    Path film = Files.createDirectory(temp.resolve("films")).resolve("film");
    byte[] content = Content.of("film", 1_000);
    Files.write(film, content);
    ImportOptions inPlace = ImportOptions.DEFAULTS.withInPlace(true);
    new Importer(Profile.V1_2025, store).addPath(film, inPlace);
    Files.delete(film);
    Files.delete(temp.resolve("films"));
    Files.write(temp.resolve("films"), content); // a path through a file is no path
    assertTrue(store.get(Cid.hash(Cid.RAW, content)).isEmpty());
    assertFalse(store.has(Cid.hash(Cid.RAW, content)));
  }
}
