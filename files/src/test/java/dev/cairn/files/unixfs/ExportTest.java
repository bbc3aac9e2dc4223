package dev.cairn.files.unixfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.Content;
import dev.cairn.files.Dags;
import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockMissingException;
import dev.cairn.files.block.BlockSource;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportTest {

  private static final Profile TINY =
      new Profile("tiny", 1, true, 100, 3, 8, 300, Profile.Estimate.BLOCK_BYTES);

  @TempDir Path temp;
  private final Dags dags = new Dags();
  private Path out;
  private Cid file;

  @BeforeEach
  void folder() throws IOException {
    out = Files.createDirectory(temp.resolve("out"));
    file = dags.raw(new byte[] {1, 2, 3});
  }

  private Exported export(Cid cid, ExportOptions options) throws IOException {
    return new Export(dags.source(), options).to(cid, out.resolve("x"));
  }

  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      return files.toList();
    }
  }

  /// Refused, and nothing is left, neither under the name nor under a temporary one.
  private String refused(Cid cid, ExportOptions options) throws IOException {
    UnixFsException e = assertThrows(UnixFsException.class, () -> export(cid, options));
    assertEquals(List.of(), left());
    return String.valueOf(e.getMessage());
  }

  private String refused(Cid cid) throws IOException {
    return refused(cid, ExportOptions.DEFAULTS);
  }

  @Test
  void what_was_imported_is_exported_as_it_was() throws IOException {
    Random random = new Random(41);
    for (int i = 0; i < 12; i++) {
      Path tree = temp.resolve("tree-" + i);
      grow(random, tree, 0);
      Profile profile = i % 3 == 0 ? Profile.V0_2015 : TINY;
      ImportOptions options = ImportOptions.DEFAULTS.withHidden(true);
      Imported imported = new Importer(profile, dags.blocks()).addPath(tree, options);
      Path target = out.resolve("copy-" + i);
      Exported exported =
          new Export(dags.source(), ExportOptions.DEFAULTS).to(imported.cid(), target);
      assertEquals(imported.size(), exported.bytes());
      assertEquals(contents(tree), contents(target));
      assertEquals(imported, new Importer(profile, dags.blocks()).addPath(target, options));
    }
  }

  private static void grow(Random random, Path path, int depth) throws IOException {
    if (depth > 0 && (depth == 4 || random.nextInt(3) > 0)) {
      if (random.nextInt(8) == 0) {
        Files.createSymbolicLink(path, Path.of("some/where"));
      } else {
        Files.write(path, Content.of("file" + random.nextInt(), random.nextInt(1500)));
      }
      return;
    }
    Files.createDirectory(path);
    int entries = depth == 0 ? 6 : random.nextInt(12);
    for (int i = 0; i < entries; i++) {
      grow(random, path.resolve((i % 5 == 0 ? "." : "") + "e" + random.nextInt()), depth + 1);
    }
  }

  private static Map<String, String> contents(Path root) throws IOException {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        String what =
            Files.isSymbolicLink(path)
                ? "-> " + Files.readSymbolicLink(path)
                : Files.isDirectory(path)
                    ? "folder"
                    : java.util.Arrays.toString(Files.readAllBytes(path));
        found.put(root.relativize(path).toString(), what);
      }
    }
    return found;
  }

  @Test
  void names_that_leave_the_folder_are_refused() throws IOException {
    for (String name :
        List.of(
            "..", ".", "", "/etc/x", "a/b", "../x", "a\0b", "n".repeat(256), "n".repeat(4096))) {
      refused(dags.folder(name, file));
      refused(dags.folder("d", dags.folder(name, file)));
    }
    Exported good = export(dags.folder("n".repeat(255), file), ExportOptions.DEFAULTS);
    assertEquals(new Exported(1, 1, 0, 3), good);
  }

  @Test
  void a_path_over_4_096_bytes_is_refused() throws IOException {
    Cid cid = file;
    for (int i = 0; i < 17; i++) {
      cid = dags.folder("n".repeat(250), cid);
    }
    assertTrue(refused(cid).contains("bytes"));
  }

  @Test
  void links_that_point_outside_are_refused() throws IOException {
    for (String target :
        List.of("/etc/passwd", "..", "../x", "../../x", "a/../../x", "a/..", "./../..")) {
      assertTrue(
          refused(dags.folder("l", dags.symlink(target))).contains("points outside"), target);
    }
    assertTrue(
        refused(dags.folder("d", dags.folder("l", dags.symlink("../.."))))
            .contains("points outside"));
    Cid inside =
        dags.folder(Dags.link("d", dags.folder("l", dags.symlink("../f"))), Dags.link("f", file));
    assertTrue(
        refused(inside, ExportOptions.DEFAULTS.withSymlinks(false)).contains("symbolic link"));
    assertEquals(new Exported(1, 2, 1, 3), export(inside, ExportOptions.DEFAULTS));
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(out.resolve("x/d/l")));
  }

  @Test
  void nothing_is_written_through_a_link_of_the_same_folder() throws IOException {
    Path victim = Files.createDirectory(temp.resolve("victim"));
    Cid evil =
        dags.folder(
            Dags.link("d", dags.symlink("e")),
            Dags.link("e", dags.folder()),
            Dags.link("d", dags.folder("f", file)));
    assertTrue(refused(evil).contains("two entries"));
    Cid overLink = dags.folder(Dags.link("f", dags.symlink("g")), Dags.link("f", file));
    assertTrue(refused(overLink).contains("two entries"));
    try (Stream<Path> files = Files.list(victim)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void what_is_there_is_replaced_only_when_told_and_never_a_folder() throws IOException {
    Files.writeString(out.resolve("x"), "old");
    assertThrows(UnixFsException.class, () -> export(file, ExportOptions.DEFAULTS));
    assertEquals("old", Files.readString(out.resolve("x")));
    ExportOptions overwrite = ExportOptions.DEFAULTS.withOverwrite(true);
    assertThrows(UnixFsException.class, () -> export(dags.folder(), overwrite));
    export(file, overwrite);
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(out.resolve("x")));
    Files.delete(out.resolve("x"));
    Files.createDirectory(out.resolve("x"));
    assertThrows(UnixFsException.class, () -> export(file, overwrite));
    assertEquals(1, left().size());
  }

  @Test
  void damage_half_way_leaves_nothing() throws IOException {
    Cid leaf = dags.raw(new byte[10]);
    Cid lie = dags.file(List.of(leaf, leaf), 10, 11);
    assertTrue(refused(lie).contains("claims"));
    assertTrue(refused(dags.folder(Dags.link("a", file), Dags.link("b", lie))).contains("claims"));
    Cid missing = dags.folder(Dags.link("a", file), Dags.link("b", Cid.hash(Cid.RAW, new byte[9])));
    assertThrows(BlockMissingException.class, () -> export(missing, ExportOptions.DEFAULTS));
    assertEquals(List.of(), left());
    assertTrue(refused(dags.deepFolder(10_000)).contains("deeper"));
    assertTrue(refused(dags.deepFile(10_000)).contains("deeper"));
  }

  @Test
  void limits_hold() throws IOException {
    Cid folder = dags.folder(Dags.link("a", file), Dags.link("b", file));
    refused(folder, ExportOptions.DEFAULTS.withLimits(5, 100));
    refused(folder, ExportOptions.DEFAULTS.withLimits(100, 2));
    assertEquals(6, export(folder, ExportOptions.DEFAULTS.withLimits(6, 3)).bytes());
  }

  @Test
  void a_folder_that_does_not_exist_is_named() {
    UnixFsException e =
        assertThrows(
            UnixFsException.class,
            () ->
                new Export(dags.source(), ExportOptions.DEFAULTS)
                    .to(file, out.resolve("no/where")));
    assertTrue(String.valueOf(e.getMessage()).contains("does not exist"));
  }

  @Test
  void importing_takes_hidden_names_and_links_as_told() throws IOException {
    Path tree = Files.createDirectory(temp.resolve("tree"));
    Files.writeString(tree.resolve(".hidden"), "h");
    Files.writeString(tree.resolve("shown"), "s");
    UnixFs unixFs = new UnixFs(dags.source());
    Importer importer = new Importer(Profile.V1_2025, dags.blocks());
    assertEquals(1, unixFs.list(importer.addPath(tree).cid()).size());
    ImportOptions hidden = ImportOptions.DEFAULTS.withHidden(true);
    assertEquals(2, unixFs.list(importer.addPath(tree, hidden).cid()).size());
    Files.createSymbolicLink(tree.resolve("link"), Path.of("/etc/passwd"));
    Cid cid = importer.addPath(tree).cid();
    assertEquals("/etc/passwd", unixFs.resolve(cid, "link").target().orElseThrow());
    ImportOptions refuse = ImportOptions.DEFAULTS.withSymlinks(ImportOptions.Symlinks.REFUSE);
    assertThrows(UnixFsException.class, () -> importer.addPath(tree, refuse));
    assertThrows(UnixFsException.class, () -> importer.addPath(temp.resolve("none")));
    assertFalse(Files.exists(temp.resolve("none"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void what_comes_under_the_name_meanwhile_is_not_replaced() throws IOException {
    Cid file = dags.raw(new byte[] {1});
    Path target = out.resolve("x");
    BlockSource slow =
        cid -> {
          Block block = dags.source().get(cid);
          if (cid.equals(file)) {
            Files.writeString(target, "mine");
          }
          return block;
        };
    Cid root = dags.file(List.of(file), 1);
    assertThrows(
        UnixFsException.class, () -> new Export(slow, ExportOptions.DEFAULTS).to(root, target));
    assertEquals("mine", Files.readString(target));
    assertEquals(List.of(target), left());
  }
}
