package dev.cairn.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.ledger.Commit;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.ledger.RecordVersion;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.core.ledger.TxLocation;
import dev.cairn.core.ledger.Undo;
import dev.cairn.core.state.StateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {

  private static final StoreParams PARAMS = StoreParams.defaults();

  @TempDir Path temp;

  private Store open() {
    return Store.open(temp, Commits.CHAIN, PARAMS);
  }

  private static void fill(Store store, long from, long to) {
    for (long height = from; height < to; height++) {
      store.commit(Commits.at(height));
    }
  }

  static void check(Store store, long blocks) {
    Commit last = Commits.at(blocks - 1);
    assertEquals(Optional.of(last.head()), store.head());
    StateKey named = StateKey.record(Address.of(new byte[32]), "name");
    for (long h = 0; h < blocks; h++) {
      Commit commit = Commits.at(h);
      assertEquals(Optional.of(commit.id()), store.blockAt(h));
      assertEquals(Optional.of(commit.block()), store.block(commit.id()));
      assertEquals(
          Optional.of(new TxLocation(commit.id(), h, 1)),
          store.transaction(Commits.transaction(h, 1)));
      assertEquals(Optional.of(Commits.value(h, 1)), store.value(Commits.key((int) h + 1).bytes()));
      assertEquals(Optional.of(Commits.value(h, 2)), store.recordVersion(named.bytes(), h + 1));
      assertEquals(Optional.of(commit.undo().encode()), store.undo(h));
    }
    assertEquals(Optional.of(Commits.value(blocks - 1, 0)), store.value(Commits.key(0).bytes()));
    assertEquals(Optional.of(Bytes.wrap(Commits.pattern(blocks - 1, 64))), store.node(Bytes.EMPTY));
  }

  @Test
  void an_empty_store_has_nothing() {
    try (Store store = open()) {
      assertEquals(Optional.empty(), store.head());
      assertEquals(Optional.empty(), store.blockAt(0));
      assertEquals(Optional.empty(), store.blockAt(-1));
      assertEquals(Optional.empty(), store.undo(-1));
      assertEquals(Optional.empty(), store.block(Commits.id(0)));
      assertEquals(Optional.empty(), store.transaction(Commits.id(0)));
      assertEquals(Optional.empty(), store.value(Bytes.of(1)));
      assertEquals(Optional.empty(), store.node(Bytes.EMPTY));
    }
    try (Store store = open()) {
      assertEquals(Optional.empty(), store.head());
    }
  }

  @Test
  void what_was_committed_is_there_now_and_after_reopening() {
    try (Store store = open()) {
      fill(store, 0, 5);
      check(store, 5);
    }
    try (Store store = open()) {
      check(store, 5);
      fill(store, 5, 9);
      check(store, 9);
    }
    try (Store store = open()) {
      check(store, 9);
    }
  }

  @Test
  void answers_as_the_store_in_memory_does() {
    MemoryChainStore memory = new MemoryChainStore();
    try (Store store = open()) {
      for (long h = 0; h < 20; h++) {
        memory.commit(Commits.at(h));
        store.commit(Commits.at(h));
      }
      for (int nibble = 0; nibble < 16; nibble++) {
        Bytes path = Bytes.of((byte) nibble);
        assertEquals(memory.node(path), store.node(path));
      }
      for (int key = 0; key < 25; key++) {
        Bytes bytes = Commits.key(key).bytes();
        assertEquals(memory.value(bytes), store.value(bytes));
      }
      assertEquals(memory.undo(7), store.undo(7));
      assertEquals(memory.head(), store.head());
    }
  }

  @Test
  void a_commit_that_does_not_follow_the_head_is_refused() {
    try (Store store = open()) {
      assertThrows(IllegalStateException.class, () -> store.commit(Commits.at(1)));
      fill(store, 0, 2);
      assertThrows(IllegalStateException.class, () -> store.commit(Commits.at(1)));
      assertThrows(IllegalStateException.class, () -> store.commit(Commits.at(3)));
      check(store, 2);
    }
  }

  @Test
  void old_undos_are_forgotten_and_recent_ones_decode() {
    StoreParams few = new StoreParams(1 << 20, 1 << 20, 16, 3);
    try (Store store = Store.open(temp, Commits.CHAIN, few)) {
      fill(store, 0, 10);
      assertEquals(Optional.empty(), store.undo(6));
      Undo undo = Undo.decode(store.undo(7).orElseThrow());
      assertEquals(Optional.of(Commits.value(6, 0)), undo.value(Commits.key(0), store));
    }
  }

  @Test
  void a_large_body_comes_back() {
    Commit small = Commits.at(0);
    StoredBlock block =
        new StoredBlock(
            small.block().header(), Bytes.wrap(Commits.pattern(1, 999_000)), Bytes.EMPTY);
    Commit large =
        new Commit(
            small.id(), 0, small.stateRoot(), block, List.of(), List.of(), List.of(), List.of());
    try (Store store = open()) {
      store.commit(large);
      assertEquals(Optional.of(block), store.block(small.id()));
    }
  }

  @Test
  void a_store_of_another_chain_is_refused() {
    open().close();
    Hash other = Hash.sha256(new byte[] {2});
    StoreException e = assertThrows(StoreException.class, () -> Store.open(temp, other, PARAMS));
    assertTrue(e.getMessage().contains("another chain"), e.getMessage());
    open().close();
  }

  @Test
  void an_unknown_format_is_refused() throws IOException {
    open().close();
    Path format = temp.resolve("FORMAT");
    String text = Files.readString(format);
    Files.writeString(format, text.replace("format 2", "format 3"));
    StoreException e = assertThrows(StoreException.class, this::open);
    assertTrue(e.getMessage().contains("store format 3"), e.getMessage());
    Files.writeString(format, "something else");
    assertThrows(StoreException.class, this::open);
    Files.delete(format);
    e = assertThrows(StoreException.class, this::open);
    assertTrue(e.getMessage().contains("FORMAT is missing"), e.getMessage());
    Files.writeString(format, text);
    open().close();
  }

  @Test
  void a_folder_of_format_1_is_opened_and_marked_as_of_this_format() throws IOException {
    try (Store store = open()) {
      fill(store, 0, 3);
    }
    Path format = temp.resolve("FORMAT");
    String text = Files.readString(format);
    Files.writeString(format, text.replace("format 2", "format 1"));
    try (Store store = open()) {
      check(store, 3);
    }
    assertEquals(text, Files.readString(format));
  }

  @Test
  void the_value_of_a_version_is_read_from_the_block_that_wrote_it() {
    List<RecordVersion> versions =
        List.of(VersionRowTest.version(1, 300), VersionRowTest.version(2, 900));
    Commit commit = VersionRowTest.commit(0, versions, 40);
    try (Store store = open()) {
      store.commit(commit);
    }
    try (Store store = open()) {
      for (RecordVersion version : versions) {
        assertEquals(
            Optional.of(version.entry()),
            store.recordVersion(version.key().bytes(), version.version()));
      }
    }
  }

  @Test
  void a_second_store_on_the_folder_is_refused_and_does_not_free_it() {
    try (Store store = open()) {
      for (int i = 0; i < 2; i++) {
        StoreException e = assertThrows(StoreException.class, this::open);
        String self = "process " + ProcessHandle.current().pid();
        assertTrue(e.getMessage().contains(self), e.getMessage());
      }
      fill(store, 0, 1);
    }
    open().close();
  }

  @Test
  void a_folder_held_by_another_process_names_it() throws Exception {
    Process holder = LockHolder.start(temp);
    try {
      assertEquals("held", holder.inputReader().readLine());
      StoreException e = assertThrows(StoreException.class, this::open);
      assertTrue(e.getMessage().contains("process " + holder.pid()), e.getMessage());
    } finally {
      holder.destroyForcibly();
    }
    assertTrue(holder.waitFor(30, TimeUnit.SECONDS));
    open().close();
  }

  @Test
  void a_path_that_is_no_folder_is_one_clear_sentence() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "x");
    StoreException e =
        assertThrows(StoreException.class, () -> Store.open(file, Commits.CHAIN, PARAMS));
    assertFalse(e.getMessage().contains("Exception"), e.getMessage());
  }

  @Test
  void a_closed_store_refuses_instead_of_crashing() {
    Store store = open();
    store.close();
    assertThrows(StoreException.class, () -> store.value(Bytes.of(1)));
    assertThrows(StoreException.class, () -> store.commit(Commits.at(0)));
    store.close();
  }
}
