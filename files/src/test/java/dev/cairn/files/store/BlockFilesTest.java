package dev.cairn.files.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.files.block.Block;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multihash;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockFilesTest {

  private static final int BYTES = 1 << 20;
  private static final int BEFORE = BlockFiles.SYNC_AHEAD_BYTES / BYTES;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  private static void write(BlockFiles files, int number, boolean cold) {
    byte[] content = new byte[BYTES];
    ByteBuffer.wrap(content).putInt(number);
    files.write(Block.of(Cid.RAW, content).cid().multihash(), content, cold);
  }

  @Test
  void a_sync_begins_by_itself_after_so_many_bytes_and_not_before() throws InterruptedException {
    BlockFiles files = BlockFiles.open(folder);
    for (int i = 0; i < BEFORE - 1; i++) {
      write(files, i, false);
    }
    assertEquals(BEFORE - 1, files.unsyncedFiles());
    write(files, BEFORE, false);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (files.unsyncedFiles() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(0, files.unsyncedFiles());
    write(files, BEFORE + 1, false);
    assertEquals(1, files.unsyncedFiles());
    files.sync();
    assertEquals(0, files.unsyncedFiles());
  }

  @Test
  void what_is_written_past_the_cache_is_whole_and_waits_for_a_sync_as_well() {
    BlockFiles files = BlockFiles.open(folder);
    for (int i = 0; i < 3; i++) {
      write(files, i, true);
    }
    assertEquals(3, files.unsyncedFiles());
    files.sync();
    assertEquals(0, files.unsyncedFiles());
    for (int i = 0; i < 3; i++) {
      byte[] content = new byte[BYTES];
      ByteBuffer.wrap(content).putInt(i);
      Multihash hash = Block.of(Cid.RAW, content).cid().multihash();
      assertArrayEquals(content, files.read(hash, BYTES, byte[]::new).orElseThrow());
    }
  }
}
