package dev.cairn.files.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed in the middle of putting loses nothing that it was told is kept.
class StoreCrashTest {

  private static final int CYCLES = Integer.getInteger("cairn.crash.cycles", 6);

  @TempDir Path temp;

  @Test
  void a_kill_at_any_point_loses_nothing_that_was_synced()
      throws IOException, InterruptedException {
    Random random = new Random(61);
    Path folder = temp.resolve("store");
    int synced = 0;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      Process writer = CrashingWriter.start(folder, synced);
      try (BufferedReader said =
          new BufferedReader(
              new InputStreamReader(writer.getInputStream(), StandardCharsets.US_ASCII))) {
        int lines = 1 + random.nextInt(25);
        for (String line = said.readLine(); line != null; line = said.readLine()) {
          synced = Integer.parseInt(line);
          if (--lines == 0) {
            // SIGKILL; by its handle, so that what it still said before is read too.
            writer.toHandle().destroyForcibly();
          }
        }
      } finally {
        writer.destroyForcibly();
        writer.waitFor();
      }
      assertTrue(isWhole(folder, synced), "cycle " + cycle);
    }
    assertTrue(synced > CYCLES, synced + " blocks were synced");
  }

  private static boolean isWhole(Path folder, int synced) {
    try (FileStore store = FileStore.open(folder, FileStoreParams.defaults())) {
      for (int i = 0; i < synced; i++) {
        Block block = CrashingWriter.block(i);
        assertArrayEquals(block.bytes(), store.get(block.cid()).orElseThrow(), "block " + i);
      }
      // The sums are those of the rows, whatever was under way.
      VerifyReport report = store.verify(n -> {});
      assertEquals(0, report.faulty(), report.toString());
      assertEquals(report.blocks(), store.stat().blocks());
      assertEquals(report.bytes(), store.stat().bytes());
      GcReport collected = store.gc(Duration.ofDays(1));
      assertEquals(0, collected.removedBlocks());
      return true;
    }
  }
}
