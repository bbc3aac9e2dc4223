package dev.cairn.storage.votes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Hash;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.VoteRecord.Kind;
import dev.cairn.storage.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class VoteTransferTest {

  private static final Hash CHAIN = Hash.sha256(new byte[] {1});

  @TempDir Path temp;
  private Path old;
  private Path young;
  private Path export;

  @BeforeEach
  void create() {
    old = temp.resolve("old");
    young = temp.resolve("young");
    export = temp.resolve("votes.export");
    VoteFile.create(old, CHAIN);
    VoteFile.create(young, CHAIN);
  }

  private static VoteRecord vote(long slot) {
    return new VoteRecord(Kind.VOTE, 0, slot, Bytes.of((byte) slot));
  }

  private static void append(Path folder, long... slots) {
    try (VoteFile file = VoteFile.open(folder, CHAIN)) {
      for (long slot : slots) {
        file.append(vote(slot));
      }
      file.sync();
    }
  }

  private static List<VoteRecord> load(Path folder) {
    try (VoteFile file = VoteFile.open(folder, CHAIN)) {
      return file.load();
    }
  }

  private static void refused(String why, Executable attempt) {
    StoreException e = assertThrows(StoreException.class, attempt);
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void votes_move_once_and_the_old_folder_votes_no_more() {
    append(old, 1, 2, 3);
    assertEquals(3, VoteTransfer.export(old, CHAIN, export));
    refused("moved away", () -> VoteFile.open(old, CHAIN));
    refused("moved away", () -> VoteFile.recreate(old, CHAIN, VoteRecord.floor(0, 9)));
    assertEquals(3, VoteTransfer.importInto(young, CHAIN, export));
    assertEquals(List.of(vote(1), vote(2), vote(3)), load(young));
    append(young, 4);
    refused("older", () -> VoteTransfer.importInto(young, CHAIN, export));
    Path other = temp.resolve("other");
    VoteFile.create(other, CHAIN);
    append(other, 9);
    refused("of its own", () -> VoteTransfer.importInto(other, CHAIN, export));
    assertEquals(List.of(vote(9)), load(other));
  }

  @Test
  void an_export_can_be_repeated_and_come_back() throws IOException {
    append(old, 1);
    VoteTransfer.export(old, CHAIN, export);
    refused("exists already", () -> VoteTransfer.export(old, CHAIN, export));
    Files.delete(export);
    assertEquals(1, VoteTransfer.export(old, CHAIN, export));
    VoteTransfer.importInto(young, CHAIN, export);
    refused("gave away", () -> VoteTransfer.importInto(old, CHAIN, export));
    Path unused = temp.resolve("unused");
    VoteTransfer.export(young, CHAIN, unused);
    VoteTransfer.importInto(old, CHAIN, unused);
    VoteTransfer.export(old, CHAIN, temp.resolve("third"));
    VoteTransfer.importInto(young, CHAIN, temp.resolve("third"));
    append(young, 2);
    Path back = temp.resolve("back");
    VoteTransfer.export(young, CHAIN, back);
    VoteTransfer.importInto(old, CHAIN, back);
    assertFalse(VoteTransfer.moved(old));
    assertEquals(List.of(vote(1), vote(2)), load(old));
    VoteTransfer.export(old, CHAIN, temp.resolve("again"));
    refused("older", () -> VoteTransfer.importInto(old, CHAIN, export));
  }

  @Test
  void a_file_that_is_cut_or_changed_anywhere_is_refused() throws IOException {
    append(old, 1, 2);
    VoteTransfer.export(old, CHAIN, export);
    byte[] whole = Files.readAllBytes(export);
    for (int i = 0; i < whole.length; i++) {
      byte[] changed = whole.clone();
      changed[i] ^= 1;
      Files.write(export, changed);
      refused("no whole export", () -> VoteTransfer.importInto(young, CHAIN, export));
      Files.write(export, Arrays.copyOf(whole, i));
      refused("no whole export", () -> VoteTransfer.importInto(young, CHAIN, export));
    }
    Files.write(export, whole);
    refused(
        "another chain", () -> VoteTransfer.importInto(young, Hash.sha256(new byte[] {2}), export));
    assertEquals(2, VoteTransfer.importInto(young, CHAIN, export));
  }

  @Test
  void a_folder_in_use_is_neither_exported_nor_imported_into() {
    append(old, 1);
    try (VoteFile _ = VoteFile.open(old, CHAIN)) {
      refused("in use", () -> VoteTransfer.export(old, CHAIN, export));
    }
    assertFalse(VoteTransfer.moved(old));
    VoteTransfer.export(old, CHAIN, export);
    try (VoteFile _ = VoteFile.open(young, CHAIN)) {
      refused("in use", () -> VoteTransfer.importInto(young, CHAIN, export));
    }
  }

  @Test
  void a_lost_log_is_made_again_with_a_floor_and_only_then() throws IOException {
    append(old, 1, 2);
    refused("not lost", () -> VoteFile.recreate(old, CHAIN, VoteRecord.floor(0, 50)));
    Files.delete(old.resolve(VoteFile.LOG));
    refused("--votes-lost-after", () -> VoteFile.open(old, CHAIN));
    VoteFile.recreate(old, CHAIN, VoteRecord.floor(0, 50));
    assertEquals(List.of(VoteRecord.floor(0, 50)), load(old));
    append(old, 51);
    assertEquals(2, load(old).size());
  }

  @Test
  void a_damaged_log_says_how_to_go_on() throws IOException {
    append(old, 1, 2, 3);
    byte[] log = Files.readAllBytes(old.resolve(VoteFile.LOG));
    log[Frames.HEAD_BYTES + 20] ^= 1;
    Files.write(old.resolve(VoteFile.LOG), log);
    refused("--votes-lost-after", () -> VoteFile.open(old, CHAIN));
    refused("--votes-lost-after", () -> VoteTransfer.export(old, CHAIN, export));
    assertFalse(VoteTransfer.moved(old));
  }
}
