package dev.cairn.files.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BlockTest {

  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  @Test
  void content_is_named_by_its_hash() {
    // `ipfs block put` of the same five bytes gives the same name.
    assertEquals(
        "bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq",
        Block.of(Cid.RAW, HELLO).cid().toString());
  }

  @Test
  void content_of_another_name_is_refused() {
    Cid cid = Cid.hash(Cid.RAW, HELLO);
    assertEquals(cid, Block.verify(cid, HELLO).cid());
    assertThrows(MalformedException.class, () -> Block.verify(cid, new byte[] {1}));
  }

  @Test
  void a_name_by_an_unknown_hash_is_refused() {
    Cid cid = Cid.of(Cid.RAW, Multihash.of(0x1e, new byte[32]));
    assertThrows(MalformedException.class, () -> Block.verify(cid, HELLO));
  }

  @Test
  void a_block_has_at_most_two_mebibytes() {
    assertEquals(Block.BYTES_MAX, Block.of(Cid.RAW, new byte[Block.BYTES_MAX]).size());
    assertThrows(MalformedException.class, () -> Block.of(Cid.RAW, new byte[Block.BYTES_MAX + 1]));
  }

  @Test
  void blocks_are_found_by_their_hash_whatever_the_codec() {
    MemoryBlocks blocks = new MemoryBlocks();
    Block block = Block.of(Cid.RAW, HELLO);
    blocks.put(block);
    assertTrue(blocks.has(block.cid()));
    Cid other = Cid.sha256(Cid.DAG_CBOR, block.cid().digest());
    assertArrayEquals(HELLO, blocks.get(other).orElseThrow());
    assertEquals(5, blocks.size(other).orElseThrow());
  }
}
