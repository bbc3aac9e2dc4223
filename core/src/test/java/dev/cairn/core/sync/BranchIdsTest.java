package dev.cairn.core.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.multiformats.Cid;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class BranchIdsTest {

  private static Cid id(long height) {
    return Cid.sha256(
        Cid.DAG_CBOR, ByteBuffer.allocate(Cid.DIGEST_BYTES).putLong(24, height).array());
  }

  @Test
  void knows_each_height_and_no_other() {
    BranchIds ids = new BranchIds(10, id(10));
    for (long height = 11; height <= 300; height++) {
      ids.add(id(height));
    }
    assertEquals(300, ids.last());
    assertTrue(ids.has(10, id(10)) && ids.has(11, id(11)) && ids.has(300, id(300)));
    assertFalse(ids.has(11, id(12)) || ids.has(9, id(9)) || ids.has(301, id(301)));
  }

  @Test
  void keeps_no_more_than_it_may() {
    BranchIds ids = new BranchIds(0, id(0));
    for (long height = 1; height <= BranchIds.BLOCKS_MAX + 5; height++) {
      ids.add(id(height));
    }
    assertEquals(BranchIds.BLOCKS_MAX, ids.last());
    assertTrue(ids.has(BranchIds.BLOCKS_MAX, id(BranchIds.BLOCKS_MAX)));
    assertFalse(ids.has(BranchIds.BLOCKS_MAX + 1, id(BranchIds.BLOCKS_MAX + 1)));
  }
}
