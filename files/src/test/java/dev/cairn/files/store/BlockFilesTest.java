package dev.cairn.files.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.files.block.Block;
import dev.cairn.multiformats.Cid;
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

  private static void write(BlockFiles files, int number) {
    byte[] content = new byte[BYTES];
    ByteBuffer.wrap(content).putInt(number);
    files.write(Block.of(Cid.RAW, content).cid().multihash(), content);
  }

  @Test
  void a_sync_begins_by_itself_after_so_many_bytes_and_not_before() throws InterruptedException {
    BlockFiles files = BlockFiles.open(folder);
    for (int i = 0; i < BEFORE - 1; i++) {
      write(files, i);
    }
    assertEquals(BEFORE - 1, files.unsyncedFiles());
    write(files, BEFORE);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (files.unsyncedFiles() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertEquals(0, files.unsyncedFiles());
    write(files, BEFORE + 1);
    assertEquals(1, files.unsyncedFiles());
    files.sync();
    assertEquals(0, files.unsyncedFiles());
  }
}
