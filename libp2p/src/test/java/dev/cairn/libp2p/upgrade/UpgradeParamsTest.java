package dev.cairn.libp2p.upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class UpgradeParamsTest {

  @Test
  void a_share_of_the_heap_bounds_what_waits_and_how_far_windows_grow() {
    UpgradeParams params = UpgradeParams.defaults().within(1 << 20);
    assertEquals(1 << 20, params.bufferedBytesMax());
    assertEquals(1 << 19, params.windowBytesBudget());
    assertEquals(1 << 19, params.windowBytesMax());
  }

  @Test
  void a_large_share_changes_nothing() {
    assertEquals(UpgradeParams.defaults(), UpgradeParams.defaults().within(1L << 40));
  }

  @Test
  void a_share_has_room_for_one_window() {
    UpgradeParams params = UpgradeParams.defaults().within(UpgradeParams.WINDOW_BYTES_FIRST);
    assertEquals(UpgradeParams.WINDOW_BYTES_FIRST, params.windowBytesMax());
    assertThrows(IllegalArgumentException.class, () -> UpgradeParams.defaults().within(1));
  }
}
