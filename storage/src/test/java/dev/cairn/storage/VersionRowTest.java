package dev.cairn.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.core.ledger.Commit;
import dev.cairn.core.ledger.RecordVersion;
import dev.cairn.core.ledger.StoredBlock;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.state.StateKey;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

class VersionRowTest {

  private static final Address OWNER = Address.of(new byte[Address.BYTES]);

  private static Bytes value(long version, int bytes) {
    return Bytes.wrap(Commits.pattern(1_000 + version, bytes));
  }

  /// A version whose value has so many bytes.
  static RecordVersion version(long version, int bytes) {
    RecordEntry entry =
        new RecordEntry(
            OWNER,
            version,
            Optional.of(new RecordValue.Inline(value(version, bytes))),
            Commits.transaction(0, (int) version));
    return new RecordVersion(StateKey.record(OWNER, "name"), version, entry.encode());
  }

  /// A block whose body has the values of these versions, each behind some other bytes.
  static Commit commit(long height, List<RecordVersion> versions, int between) {
    List<Bytes> parts = new ArrayList<>();
    for (RecordVersion version : versions) {
      parts.add(Bytes.wrap(Commits.pattern(-version.version(), between)));
      RecordValue value = RecordEntry.decode(version.entry()).value().orElseThrow();
      parts.add(((RecordValue.Inline) value).bytes());
    }
    Commit like = Commits.at(height);
    Bytes body = Bytes.concatenate(parts.toArray(Bytes[]::new));
    StoredBlock block = new StoredBlock(like.block().header(), body, like.block().certificate());
    return new Commit(
        like.id(),
        height,
        like.stateRoot(),
        block,
        like.changes(),
        like.rows(),
        like.transactions(),
        versions);
  }

  private static List<VersionRow> rows(Commit commit) {
    VersionRows rows = new VersionRows(commit);
    List<VersionRow> made = new ArrayList<>();
    commit.versions().forEach(version -> made.add(rows.next(version)));
    return made;
  }

  @Test
  void a_value_that_stands_in_the_body_is_not_kept_again() {
    List<RecordVersion> versions = List.of(version(1, 1_000), version(2, 256), version(3, 32_000));
    Commit commit = commit(7, versions, 100);
    List<VersionRow> rows = rows(commit);
    for (int i = 0; i < versions.size(); i++) {
      byte[] row = rows.get(i).encode();
      assertTrue(row.length < 110, row.length + " bytes");
      VersionRow.Part part = assertInstanceOf(VersionRow.Part.class, VersionRow.decode(row));
      assertEquals(7, part.height());
      assertEquals(versions.get(i).entry(), part.entry(commit.block().body()));
    }
  }

  @Test
  void a_short_value_and_one_that_is_not_there_are_kept_whole() {
    RecordVersion absent = version(2, 1_000);
    Commit commit = commit(0, List.of(version(1, 255)), 10);
    VersionRows rows = new VersionRows(commit);
    for (RecordVersion version : List.of(commit.versions().getFirst(), absent)) {
      VersionRow row = VersionRow.decode(rows.next(version).encode());
      assertEquals(new VersionRow.Whole(version.entry()), row);
    }
  }

  @Test
  void one_that_is_further_on_than_two_transactions_is_not_looked_for() {
    List<RecordVersion> near = List.of(version(1, 300));
    assertInstanceOf(
        VersionRow.Part.class, rows(commit(0, near, VersionRows.AHEAD_BYTES_MAX)).getFirst());
    assertInstanceOf(
        VersionRow.Whole.class, rows(commit(0, near, VersionRows.AHEAD_BYTES_MAX + 1)).getFirst());
  }

  @Test
  void equal_values_are_found_each_at_its_place() {
    RecordVersion version = version(1, 400);
    List<VersionRow> rows = rows(commit(0, List.of(version, version), 20));
    assertEquals(20, ((VersionRow.Part) rows.get(0)).offset());
    assertEquals(440, ((VersionRow.Part) rows.get(1)).offset());
  }

  @Test
  void a_row_of_format_1_is_the_entry_alone() {
    Bytes entry = version(3, 500).entry();
    assertEquals(new VersionRow.Whole(entry), VersionRow.decode(entry.toArray()));
  }

  @Test
  void damaged_rows_are_refused() {
    VersionRow row = rows(commit(0, List.of(version(1, 300)), 10)).getFirst();
    byte[] encoded = row.encode();
    Bytes cut = Bytes.wrap(encoded).slice(0, encoded.length - 1);
    assertThrows(MalformedException.class, () -> VersionRow.decode(cut.toArray()));
    assertThrows(MalformedException.class, () -> VersionRow.decode(new byte[0]));
    assertThrows(MalformedException.class, () -> VersionRow.decode(new byte[] {2, 1}));
    VersionRow.Part part = (VersionRow.Part) row;
    assertThrows(MalformedException.class, () -> part.entry(Bytes.wrap(new byte[309])));
    assertThrows(MalformedException.class, () -> part.entry(Bytes.EMPTY));
  }
}
