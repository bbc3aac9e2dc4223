package dev.cairn.files.bitswap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.Blocks;
import dev.cairn.files.block.MemoryBlocks;
import dev.cairn.multiformats.Cid;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IntakeTest {

  private static final int BLOCK_BYTES = 60;

  /// A disk that takes nothing until it is told.
  private static final class Stuck implements Blocks {
    private final MemoryBlocks blocks = new MemoryBlocks();
    private final CountDownLatch go = new CountDownLatch(1);

    @Override
    public boolean has(Cid cid) {
      return blocks.has(cid);
    }

    @Override
    public OptionalInt size(Cid cid) {
      return blocks.size(cid);
    }

    @Override
    public Optional<byte[]> get(Cid cid) {
      return blocks.get(cid);
    }

    @Override
    public void put(List<Block> added) {
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      blocks.put(added);
    }

    @Override
    public void sync() {}
  }

  private static Block block(int number) {
    byte[] bytes = new byte[BLOCK_BYTES];
    bytes[0] = (byte) number;
    return Block.of(Cid.RAW, bytes);
  }

  /// What becomes of a stream that brings a second block while the disk is stuck with the first.
  private static Thread.State second(int bytesMax) throws Exception {
    Stuck disk = new Stuck();
    LinkedBlockingQueue<FetchInput> results = new LinkedBlockingQueue<>();
    try (Intake intake =
        new Intake(disk, new BlockArrays(), (cid, b) -> 0, bytesMax, results::add, cid -> {})) {
      for (int i = 0; i < 2; i++) {
        intake.watch(Keys.of(block(i).cid()), block(i).cid());
      }
      intake.take(TestPeers.id(1), CidPrefix.V0, block(0).bytes());
      Thread stream =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      intake.take(TestPeers.id(1), CidPrefix.V0, block(1).bytes());
                    } catch (InterruptedException e) {
                      throw new AssertionError(e);
                    }
                  });
      Thread.State state = stream.getState();
      while (state != Thread.State.WAITING && state != Thread.State.TERMINATED) {
        Thread.onSpinWait();
        state = stream.getState();
      }
      disk.go.countDown();
      stream.join();
      for (int i = 0; i < 2; i++) {
        assertTrue(results.take() instanceof FetchInput.Arrived);
        assertTrue(disk.has(block(i).cid()) || i == 0);
      }
      return state;
    }
  }

  @Test
  void a_stream_whose_block_finds_no_room_is_read_no_further() throws Exception {
    assertEquals(Thread.State.WAITING, second(2 * BLOCK_BYTES - 1));
    assertEquals(Thread.State.TERMINATED, second(2 * BLOCK_BYTES));
  }
}
