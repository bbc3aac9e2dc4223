package dev.cairn.files.unixfs;

import dev.cairn.files.block.BlockSource;
import dev.cairn.files.dag.PbLink;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads files and folders (UnixFS), from a store or from the network behind one. Holds no state;
/// may be used from any thread.
///
/// Every method throws [UnixFsException] for what is not UnixFS, is damaged or beyond a limit, and
/// what the source throws when a block is not to be had.
public final class UnixFs {

  /// The longest path that is resolved, in characters.
  public static final int PATH_CHARS_MAX = 4095;

  /// The most entries of a folder that are listed.
  public static final int ENTRIES_MAX = 10_000_000;

  private final BlockSource source;

  public UnixFs(BlockSource source) {
    this.source = source;
  }

  /// What a CID is.
  public Entry stat(Cid cid) throws IOException {
    return Node.fetch(source, cid).entry();
  }

  /// The entries of a folder, plain or sharded, in the order in which its blocks have them.
  public List<Child> list(Cid folder) throws IOException {
    List<Child> children = new ArrayList<>();
    forEach(folder, children::add);
    return Collections.unmodifiableList(children);
  }

  /// The same one by one, for folders of any size.
  public void forEach(Cid folder, Consumer<Child> visitor) throws IOException {
    Node node = folder(Node.fetch(source, folder));
    if (node.isShard()) {
      new Shards(node.data().fanout(), visitor).visit(node, 0, 0);
      return;
    }
    for (PbLink link : node.links()) {
      visitor.accept(new Child(link.name(), link.cid(), link.dagBytes()));
    }
  }

  /// What a path below a root leads to, through plain and sharded folders. Names are separated by
  /// `/`; empty ones and `.` are passed over, and `..` takes back the name before it. Symbolic
  /// links are not followed: one at the end is returned, one before is refused.
  ///
  /// @throws UnixFsException when there is no such entry, or the path leaves the root
  public Entry resolve(Cid root, String path) throws IOException {
    Node node = Node.fetch(source, root);
    String walked = root.toString();
    for (String name : names(path)) {
      if (!node.isFolder()) {
        throw new UnixFsException(walked + " is no folder, so it has no \"" + name + "\"");
      }
      Optional<Cid> next = child(node, name);
      if (next.isEmpty()) {
        throw new UnixFsException("there is no \"" + name + "\" in " + walked);
      }
      node = Node.fetch(source, next.get());
      walked += "/" + name;
    }
    return node.entry();
  }

  private static List<String> names(String path) throws UnixFsException {
    if (path.length() > PATH_CHARS_MAX) {
      throw new UnixFsException(
          "a path of " + path.length() + " characters is over " + PATH_CHARS_MAX);
    }
    if (path.indexOf('\0') >= 0) {
      throw new UnixFsException("a path has a NUL in it");
    }
    Deque<String> names = new ArrayDeque<>();
    for (String name : path.split("/", -1)) {
      if (name.equals("..")) {
        if (names.pollLast() == null) {
          throw new UnixFsException("the path " + path + " leaves the root");
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.add(name);
      }
    }
    return List.copyOf(names);
  }

  /// A file's content.
  public InputStream open(Cid file) throws IOException {
    return open(file, 0, Long.MAX_VALUE);
  }

  /// A part of a file's content.
  ///
  /// @param offset in bytes; past the end gives nothing
  /// @param length in bytes; what goes past the end is cut
  public InputStream open(Cid file, long offset, long length) throws IOException {
    if (offset < 0 || length < 0) {
      throw new IllegalArgumentException("a range from " + offset + ", " + length + " long");
    }
    Node node = Node.fetch(source, file);
    if (!node.isFile()) {
      throw new UnixFsException(file + " is no file");
    }
    return new FileStream(source, node, offset, length);
  }

  private static Node folder(Node node) throws UnixFsException {
    if (!node.isFolder()) {
      throw new UnixFsException(node.cid() + " is no folder");
    }
    return node;
  }

  /// Of two entries with one name the first counts (UnixFS, "Directory path resolution").
  private Optional<Cid> child(Node folder, String name) throws IOException {
    if (!folder.isShard()) {
      return folder.links().stream()
          .filter(link -> link.name().equals(name))
          .map(PbLink::cid)
          .findFirst();
    }
    int fanout = folder.data().fanout();
    long hash = Murmur3.hash64(name);
    Node shard = folder;
    for (int level = 0; level < HamtPath.levels(fanout); level++) {
      String prefix = HamtPath.prefix(HamtPath.bucket(hash, level, fanout), fanout);
      Map<String, Cid> links = new HashMap<>();
      shard.links().forEach(link -> links.putIfAbsent(link.name(), link.cid()));
      Cid entry = links.get(prefix + name);
      Cid below = links.get(prefix);
      if (entry != null || below == null) {
        return Optional.ofNullable(entry);
      }
      shard = Shards.below(Node.fetch(source, below), fanout);
    }
    return Optional.empty();
  }

  /// Goes through a sharded folder. Each entry has to lie where the hash of its name puts it: so
  /// none is found twice, and one block under many buckets does not make a folder of any size.
  private final class Shards {

    private final int fanout;
    private final Consumer<Child> visitor;
    private int entries;

    private Shards(int fanout, Consumer<Child> visitor) {
      this.fanout = fanout;
      this.visitor = visitor;
    }

    private static Node below(Node shard, int fanout) throws UnixFsException {
      if (!shard.isShard() || shard.data().fanout() != fanout || shard.links().isEmpty()) {
        throw new UnixFsException(shard.cid() + " is not the shard that the folder needs there");
      }
      return shard;
    }

    /// @param path the buckets above, as the highest bits of a hash
    private void visit(Node shard, int level, long path) throws IOException {
      if (level == HamtPath.levels(fanout)) {
        throw new UnixFsException("a sharded folder is deeper than its hashes are long");
      }
      List<Cid> shardsBelow = new ArrayList<>();
      int width = HamtPath.prefixChars(fanout);
      for (PbLink link : shard.links()) {
        if (link.name().length() == width) {
          shardsBelow.add(link.cid());
        }
      }
      if (shardsBelow.size() > 1) {
        source.prefetch(shardsBelow);
      }
      BitSet filled = new BitSet(fanout);
      for (PbLink link : shard.links()) {
        int bucket = HamtPath.parse(link.name(), fanout).orElse(-1);
        if (bucket < 0) {
          throw new UnixFsException(shard.cid() + " is damaged: a link without its bucket");
        }
        if (filled.get(bucket)) {
          throw new UnixFsException(shard.cid() + " is damaged: it fills a bucket twice");
        }
        filled.set(bucket);
        long here = HamtPath.with(path, bucket, level, fanout);
        String name = link.name().substring(width);
        if (name.isEmpty()) {
          visit(below(Node.fetch(source, link.cid()), fanout), level + 1, here);
        } else {
          entry(shard, name, link, level, here);
        }
      }
    }

    private void entry(Node shard, String name, PbLink link, int level, long here)
        throws UnixFsException {
      if (!HamtPath.startsWith(Murmur3.hash64(name), here, level, fanout)) {
        throw new UnixFsException(
            shard.cid() + " is damaged: \"" + name + "\" is in the wrong bucket");
      }
      if (++entries > ENTRIES_MAX) {
        throw new UnixFsException("a folder has more than " + ENTRIES_MAX + " entries");
      }
      visitor.accept(new Child(name, link.cid(), link.dagBytes()));
    }
  }
}
