package dev.cairn.files.unixfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.Content;
import dev.cairn.files.Dags;
import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.dag.PbLink;
import dev.cairn.files.dag.PbNode;
import dev.cairn.files.dag.UnixFsData;
import dev.cairn.multiformats.Cid;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UnixFsReadTest {

  /// Small enough that a few hundred bytes make a tree of several levels.
  private static final Profile TINY =
      new Profile("tiny", 1, true, 10, 3, 8, 200, Profile.Estimate.BLOCK_BYTES);

  private static final Profile TINY_WRAPPED =
      new Profile("tiny-0", 0, false, 10, 3, 8, 200, Profile.Estimate.LINK_BYTES);

  private final Dags dags = new Dags();
  private final UnixFs unixFs = new UnixFs(dags.source());

  private String refusal(Cid file) {
    return String.valueOf(
        assertThrows(UnixFsException.class, () -> unixFs.open(file).readAllBytes()).getMessage());
  }

  @Test
  void any_range_of_a_file_is_read() throws IOException {
    Random random = new Random(31);
    for (int i = 0; i < 200; i++) {
      byte[] content = Content.of("range-" + i, random.nextInt(400));
      Profile profile = random.nextBoolean() ? TINY : TINY_WRAPPED;
      Cid cid = new Importer(profile, dags.blocks()).add(new ByteArrayInputStream(content)).cid();
      assertArrayEquals(content, unixFs.open(cid).readAllBytes());
      int offset = random.nextInt(450);
      int length = random.nextInt(450);
      int from = Math.min(offset, content.length);
      byte[] range = Arrays.copyOfRange(content, from, Math.min(content.length, from + length));
      assertArrayEquals(range, unixFs.open(cid, offset, length).readAllBytes());
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertEquals(range.length, unixFs.open(cid, offset, length).transferTo(out));
      assertArrayEquals(range, out.toByteArray());
      try (InputStream in = unixFs.open(cid)) {
        int first = in.read();
        assertEquals(content.length == 0 ? -1 : content[0] & 0xff, first);
        long rest = Math.max(0, content.length - 1);
        assertEquals(Math.min(offset, rest), in.skip(offset));
        assertEquals(Math.max(0, rest - offset), in.readAllBytes().length);
      }
    }
  }

  @Test
  void the_source_is_told_what_comes_next() throws IOException {
    byte[] content = Content.of("ahead", 90);
    Cid cid = new Importer(TINY, dags.blocks()).add(new ByteArrayInputStream(content)).cid();
    List<Cid> told = new ArrayList<>();
    BlockSource source =
        new BlockSource() {
          @Override
          public Block get(Cid wanted) throws IOException {
            return dags.source().get(wanted);
          }

          @Override
          public void prefetch(List<Cid> cids) {
            told.addAll(cids);
          }
        };
    new UnixFs(source).open(cid).readAllBytes();
    assertEquals(12, told.size()); // three nodes of three leaves
    told.clear();
    new UnixFs(source).open(cid, 0, 15).readAllBytes();
    assertEquals(2, told.size()); // the range needs one node and two leaves of it
  }

  @Test
  void folders_plain_and_sharded_are_listed_and_resolved() throws IOException {
    Random random = new Random(32);
    for (int size : new int[] {0, 1, 5, 60, 900}) {
      Map<String, Cid> entries = new TreeMap<>();
      for (int i = 0; i < size; i++) {
        String name = "\u00fc" + Integer.toString(random.nextInt(1 << 24), 36);
        entries.put(name, dags.raw(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      }
      Cid folder = folder(TINY, entries);
      assertEquals(Entry.Kind.DIRECTORY, unixFs.stat(folder).kind());
      Map<String, Cid> listed =
          unixFs.list(folder).stream().collect(Collectors.toMap(Child::name, Child::cid));
      assertEquals(entries, new TreeMap<>(listed));
      for (Map.Entry<String, Cid> entry : entries.entrySet()) {
        assertEquals(entry.getValue(), unixFs.resolve(folder, entry.getKey()).cid());
      }
      assertThrows(UnixFsException.class, () -> unixFs.resolve(folder, "nothing"));
    }
  }

  private Cid folder(Profile profile, Map<String, Cid> entries) throws IOException {
    BlockOutput output = new BlockOutput(profile, dags.blocks());
    FolderImport folder = new FolderImport(profile, output);
    for (Map.Entry<String, Cid> entry : entries.entrySet()) {
      folder.add(entry.getKey(), new Part(entry.getValue(), 1, 1));
    }
    Cid cid = folder.finish().cid();
    output.flush();
    return cid;
  }

  @Test
  void paths_are_followed_and_may_not_leave_the_root() throws IOException {
    Cid file = dags.raw(new byte[] {1});
    Cid root =
        dags.folder("a", dags.folder(Dags.link("b", file), Dags.link("l", dags.symlink("b"))));
    assertEquals(file, unixFs.resolve(root, "/a//./b/").cid());
    assertEquals(file, unixFs.resolve(root, "a/x/../b").cid());
    assertEquals(root, unixFs.resolve(root, "").cid());
    assertEquals("b", unixFs.resolve(root, "a/l").target().orElseThrow());
    for (String bad : List.of("..", "a/../../b", "a/b/c", "a/l/x", "b", "a\0", "a".repeat(4096))) {
      assertThrows(UnixFsException.class, () -> unixFs.resolve(root, bad), bad);
    }
  }

  @Test
  void a_file_that_claims_sizes_it_does_not_have_is_refused() throws IOException {
    Cid leaf = dags.raw(new byte[10]);
    assertEquals(20, unixFs.open(dags.file(List.of(leaf, leaf), 10, 10)).readAllBytes().length);
    assertTrue(refusal(dags.file(List.of(leaf, leaf), 10, 11)).contains("claims 11"));
    assertTrue(refusal(dags.file(List.of(leaf, leaf), 10)).contains("2 parts but 1 sizes"));
    Cid inner = dags.file(List.of(leaf), 10);
    assertTrue(refusal(dags.file(List.of(inner), 9)).contains("claims 9"));
    assertTrue(
        refusal(dags.file(List.of(leaf, leaf), Long.MAX_VALUE, Long.MAX_VALUE)).contains("2^63"));
    byte[] lie = UnixFsData.leaf(new byte[3]).encode();
    lie[lie.length - 1] = 4; // filesize
    assertTrue(refusal(dags.node(lie, List.of())).contains("claims 4 bytes"));
  }

  @Test
  void a_file_is_at_most_64_levels_deep() throws IOException {
    assertEquals(1, unixFs.open(dags.deepFile(FileStream.DEPTH_MAX)).readAllBytes().length);
    assertTrue(refusal(dags.deepFile(FileStream.DEPTH_MAX + 1)).contains("deeper"));
    assertTrue(refusal(dags.deepFile(10_000)).contains("deeper"));
  }

  @Test
  void empty_parts_are_not_walked() throws IOException {
    // Without the rule this would be 1,000 to the power of 20 blocks.
    Cid cid = dags.file(List.of());
    for (int i = 0; i < 20; i++) {
      cid = dags.file(java.util.Collections.nCopies(1000, cid), new long[1000]);
    }
    assertEquals(0, unixFs.open(cid).readAllBytes().length);
  }

  @Test
  void what_is_no_file_or_folder_is_refused() {
    Cid cbor = dags.put(Cid.DAG_CBOR, new byte[] {0});
    assertThrows(UnixFsException.class, () -> unixFs.stat(cbor));
    Cid bare = dags.put(Cid.DAG_PB, new byte[0]);
    assertThrows(UnixFsException.class, () -> unixFs.stat(bare));
    Cid junk = dags.put(Cid.DAG_PB, new byte[] {1, 2, 3});
    assertThrows(UnixFsException.class, () -> unixFs.stat(junk));
    Cid folder = dags.folder();
    assertThrows(UnixFsException.class, () -> unixFs.open(folder));
    assertTrue(refusal(dags.file(List.of(folder), 1)).contains("no file itself"));
    Cid file = dags.raw(new byte[1]);
    assertThrows(UnixFsException.class, () -> unixFs.list(file));
    Cid named = dags.node(UnixFsData.file(new long[] {1}).encode(), List.of(Dags.link("x", file)));
    assertTrue(refusal(named).contains("name"));
    Cid linkWithLinks =
        dags.node(UnixFsData.symlink(new byte[] {'a'}).encode(), List.of(Dags.link("", file)));
    assertThrows(UnixFsException.class, () -> unixFs.stat(linkWithLinks));
  }

  @Test
  void a_shard_that_lies_about_its_entries_is_refused() throws IOException {
    Map<String, Cid> entries = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      entries.put("entry-" + i, dags.raw(new byte[] {(byte) i}));
    }
    Cid good = folder(TINY, entries);
    assertEquals(100, unixFs.list(good).size());
    PbNode root = PbNode.decode(dags.source().get(good).bytes());
    byte[] data = root.data().orElseThrow();
    PbLink shard =
        root.links().stream().filter(l -> l.name().length() == 1).findFirst().orElseThrow();
    // One shard under all buckets: would be a folder of eight times the size, and so on below.
    List<PbLink> everywhere = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      everywhere.add(new PbLink(shard.cid(), Integer.toString(i), 0));
    }
    Cid bomb = dags.node(data, everywhere);
    assertThrows(UnixFsException.class, () -> unixFs.list(bomb));
    Cid twice = dags.node(data, List.of(shard, shard));
    assertThrows(UnixFsException.class, () -> unixFs.list(twice));
    Cid nameless = dags.node(data, List.of(Dags.link("", good)));
    assertThrows(UnixFsException.class, () -> unixFs.list(nameless));
    Cid empty = dags.node(data, List.of(Dags.link("0", dags.node(data, List.of()))));
    assertThrows(UnixFsException.class, () -> unixFs.list(empty));
    Cid mixed = dags.node(data, List.of(Dags.link("0", dags.folder())));
    assertThrows(UnixFsException.class, () -> unixFs.list(mixed));
  }
}
