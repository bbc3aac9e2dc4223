package dev.cairn.files.bitswap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.Blocks;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import dev.cairn.storage.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ServingTest {

  private static final PeerId ANN = TestPeers.id(1);

  /// A disk that fails.
  private static final class Broken implements Blocks {
    @Override
    public boolean has(Cid cid) {
      return size(cid).isPresent();
    }

    @Override
    public OptionalInt size(Cid cid) {
      throw new StoreException("the disk fails");
    }

    @Override
    public Optional<byte[]> get(Cid cid) {
      throw new StoreException("the disk fails");
    }

    @Override
    public void put(List<Block> blocks) {
      throw new StoreException("the disk fails");
    }

    @Override
    public void sync() {}
  }

  @Test
  void a_block_that_the_disk_does_not_give_is_not_here() {
    Serving serving = new Serving(new Broken(), new BlockArrays(), BitswapParams.STANDARD);
    Cid cid = Cid.hash(Cid.RAW, new byte[] {1});
    serving.receive(ANN, List.of(Entry.wantHave(cid)), false);
    assertEquals(List.of(new Presence(cid, false)), serving.check(ANN));
    assertEquals(Optional.empty(), serving.get(cid));
  }

  @Test
  void what_nobody_will_say_any_more_is_not_kept() {
    Mouth mouth = new Mouth();
    mouth.close();
    Cid cid = Cid.hash(Cid.RAW, new byte[] {1});
    mouth.tell(true, List.of(Entry.wantBlock(cid)));
    mouth.answer(List.of(new Presence(cid, true)));
    assertTrue(mouth.take().isEmpty());
  }

  @Test
  void so_many_blocks_are_in_memory_to_be_sent_and_no_more() throws InterruptedException {
    Serving serving =
        new Serving(new Broken(), new BlockArrays(), BitswapParams.STANDARD.withMemory(2, 1 << 20));
    assertTrue(serving.enter(0));
    assertTrue(serving.enter(0));
    assertFalse(serving.enter(0));
    serving.leave();
    assertTrue(serving.enter(0));
  }
}
