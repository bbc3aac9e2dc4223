package dev.cairn.files.dag;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multihash;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MarkSetTest {

  private static Multihash hash(String text) {
    return Block.of(Cid.RAW, text.getBytes(StandardCharsets.UTF_8)).cid().multihash();
  }

  @Test
  void marks_hold_many_hashes_and_only_those() {
    MarkSet marks = new MarkSet();
    for (int i = 0; i < 20_000; i++) {
      assertTrue(marks.add(hash("mark-" + i)));
    }
    for (int i = 0; i < 20_000; i++) {
      assertFalse(marks.add(hash("mark-" + i)));
      assertFalse(marks.contains(hash("other-" + i)));
    }
    Multihash zero = Multihash.of(Multihash.SHA2_256, new byte[32]);
    assertFalse(marks.contains(zero));
    assertTrue(marks.add(zero));
    assertTrue(marks.contains(zero));
  }

  @Test
  void a_raw_name_does_not_hide_one_with_links() {
    MarkSet marks = new MarkSet();
    Cid raw = Cid.hash(Cid.RAW, new byte[] {1});
    Cid node = Cid.hash(Cid.DAG_PB, new byte[] {1});
    assertTrue(marks.visit(raw));
    assertTrue(marks.visit(node));
    assertFalse(marks.visit(raw));
    assertFalse(marks.visit(node));
    Cid odd = Cid.of(Cid.DAG_PB, Multihash.of(0x99, new byte[128]));
    assertTrue(marks.visit(odd));
  }
}
