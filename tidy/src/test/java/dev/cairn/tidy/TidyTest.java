package dev.cairn.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The style of the code as a test (ARCHITECTURE.md, "Rules that keep it simple").
class TidyTest {

  private static final int FILE_LINES_MAX = 400;
  private static final Path ROOT = Path.of(System.getProperty("cairn.root", ".."));

  /// Each module with the Cairn modules that it may require.
  private static final Map<String, Set<String>> MAY_REQUIRE =
      Map.ofEntries(
          Map.entry("multiformats", Set.of()),
          Map.entry("crypto", Set.of()),
          Map.entry("machine", Set.of()),
          Map.entry("libp2p", Set.of("multiformats", "crypto", "machine")),
          Map.entry("core", Set.of("multiformats", "crypto", "machine")),
          Map.entry("storage", Set.of("core")),
          Map.entry("files", Set.of("storage", "libp2p")),
          Map.entry("node", Set.of("core", "storage", "libp2p", "files")),
          Map.entry("simulator", Set.of("core", "storage", "libp2p")),
          Map.entry("cli", Set.of("node", "simulator")),
          Map.entry(
              "bench",
              Set.of("cli", "node", "simulator", "libp2p", "core", "storage", "crypto", "files")));

  private static final Pattern BANNED_NAME =
      Pattern.compile("(Abstract|Default)[A-Z]\\w*|\\w+(Impl|Manager|Utils?|Helpers?)");
  private static final Pattern ABSTRACT_CLASS = Pattern.compile("\\babstract\\s+class\\b");
  private static final Pattern SYNCHRONIZED =
      Pattern.compile("\\bsynchronized\\b|\\bThreadLocal\\b|\\bCompletableFuture\\b");
  private static final Pattern TO_DO = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");

  private record Source(Path path, List<String> lines) {
    String name() {
      return path.getFileName().toString().replace(".java", "");
    }

    boolean isTest() {
      return path.toString().contains("src/test/");
    }

    String text() {
      return String.join("\n", lines);
    }
  }

  private static List<Source> sources() {
    try (Stream<Path> files = Files.walk(ROOT, 14)) {
      return files
          .filter(p -> p.toString().endsWith(".java"))
          .filter(p -> !p.toString().contains("/target/") && !p.toString().contains("node_modules"))
          .sorted()
          .map(TidyTest::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Source read(Path path) {
    try {
      return new Source(ROOT.relativize(path), Files.readAllLines(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void finds_the_sources() {
    assertTrue(sources().size() > 5, "no sources under " + ROOT.toAbsolutePath());
  }

  @Test
  void files_stay_under_400_lines() {
    List<String> faults = new ArrayList<>();
    for (Source source : sources()) {
      if (source.lines().size() >= FILE_LINES_MAX) {
        faults.add(source.path() + " has " + source.lines().size() + " lines");
      }
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void methods_stay_under_60_lines() {
    List<String> faults = new ArrayList<>();
    for (Source source : sources()) {
      MethodLengths.tooLong(source.lines()).forEach(m -> faults.add(source.path() + ":" + m));
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void the_method_check_passes_over_annotated_fields() {
    List<String> lines = new ArrayList<>(List.of("class A {"));
    for (int i = 0; i < 30; i++) {
      lines.addAll(List.of("  @Option(", "      a = 1)", "  int f;"));
    }
    lines.addAll(List.of("  @Override", "  void b() {", "    c();", "  }", "}"));
    assertEquals(List.of(), MethodLengths.tooLong(lines));
    lines.addAll(lines.size() - 2, Collections.nCopies(60, "    c();"));
    assertEquals(1, MethodLengths.tooLong(lines).size());
  }

  @Test
  void the_method_check_finds_a_long_method() {
    List<String> lines = new ArrayList<>(List.of("class A {", "  void b(", "      int c) {"));
    for (int i = 0; i < 60; i++) {
      lines.add("    c();");
    }
    lines.add("  }");
    lines.add("}");
    assertEquals(1, MethodLengths.tooLong(lines).size());
    lines.remove(10);
    lines.remove(10);
    lines.remove(10);
    assertEquals(List.of(), MethodLengths.tooLong(lines));
  }

  @Test
  void names_say_what_a_thing_is() {
    List<String> faults = new ArrayList<>();
    for (Source source : sources()) {
      if (BANNED_NAME.matcher(source.name()).matches()) {
        faults.add(source.path() + " has a banned name");
      }
      boolean product = !source.isTest();
      for (int i = 0; i < source.lines().size(); i++) {
        String code = source.lines().get(i).replaceFirst("//.*", "");
        if (product && ABSTRACT_CLASS.matcher(code).find()) {
          faults.add(source.path() + ":" + (i + 1) + " abstract class");
        }
        if (product && SYNCHRONIZED.matcher(code).find()) {
          faults.add(source.path() + ":" + (i + 1) + " " + code.strip());
        }
        if (product && TO_DO.matcher(source.lines().get(i)).find()) {
          faults.add(source.path() + ":" + (i + 1) + " unfinished");
        }
      }
    }
    assertEquals(List.of(), faults);
    assertTrue(BANNED_NAME.matcher("SwarmManager").matches());
    assertFalse(BANNED_NAME.matcher("Swarm").matches());
  }

  @Test
  void modules_depend_one_way() throws IOException {
    Pattern requires =
        Pattern.compile("requires\\s+(?:transitive\\s+|static\\s+)*dev\\.cairn\\.(\\w+)");
    Set<String> seen = new TreeSet<>();
    for (String module : MAY_REQUIRE.keySet()) {
      Path info = ROOT.resolve(module).resolve("src/main/java/module-info.java");
      String text = Files.readString(info);
      assertTrue(text.contains("@NullMarked"), module + " is not @NullMarked");
      Matcher matcher = requires.matcher(text);
      while (matcher.find()) {
        assertTrue(
            MAY_REQUIRE.get(module).contains(matcher.group(1)),
            module + " must not require " + matcher.group(1));
        seen.add(module + " -> " + matcher.group(1));
      }
    }
    assertTrue(seen.contains("storage -> core"), "no dependency was read");
  }

  @Test
  void only_crypto_names_a_provider() {
    Pattern provider = Pattern.compile("org\\.conscrypt|com\\.amazon\\.corretto");
    for (Source source : sources()) {
      if (!source.path().startsWith("crypto") && !source.path().startsWith("tidy")) {
        assertFalse(provider.matcher(source.text()).find(), source.path() + " names a provider");
      }
    }
  }
}
