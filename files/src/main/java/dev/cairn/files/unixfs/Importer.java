package dev.cairn.files.unixfs;

import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.BlockSink;
import dev.cairn.files.dag.PbNode;
import dev.cairn.files.dag.UnixFsData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Makes blocks of files and folders: the same ones, and the same CID, as every implementation of
/// the profile makes. May be used from several threads at once; its worker threads end by
/// themselves when they have been idle for a second.
public final class Importer {

  /// Folders within folders, at most.
  public static final int FOLDERS_DEPTH_MAX = 256;

  /// Threads that hash and write. A write waits for the disk, so there are more than one has cores.
  private static final int WORKERS = 4;

  private final Profile profile;
  private final BlockSink sink;
  private final ExecutorService workers;
  private final BlockArrays arrays = new BlockArrays();

  public Importer(Profile profile, BlockSink sink) {
    this.profile = profile;
    this.sink = sink;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            WORKERS,
            WORKERS,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            // Hashing never yields and the store pins its thread: not for virtual threads.
            Thread.ofPlatform().daemon().name("cairn-import-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    this.workers = pool;
  }

  /// Adds all that a stream holds, as a file; the stream is not closed.
  ///
  /// @throws IOException from the stream
  /// @throws dev.cairn.storage.StoreException from the sink
  public Imported add(InputStream content) throws IOException {
    BlockOutput output = new BlockOutput(profile, sink);
    Part root =
        new FileImport(profile, output, workers, arrays, bytes -> {}, Optional.empty())
            .read(content);
    return finish(output, root);
  }

  /// Adds a file or folder as the profiles of IPIP-499 have it.
  public Imported addPath(Path path) throws IOException {
    return addPath(path, ImportOptions.DEFAULTS);
  }

  /// Adds a file or folder. A path that is itself a symbolic link is followed; below it, links are
  /// treated as the options say, and nothing is read through them.
  ///
  /// @throws UnixFsException for what is neither file, folder nor link, a symbolic link that is
  ///   refused, folders over a limit, content in place under a profile without raw leaves
  /// @throws IOException when something cannot be read
  /// @throws dev.cairn.storage.StoreException from the sink
  public Imported addPath(Path path, ImportOptions options) throws IOException {
    if (options.inPlace() && !profile.rawLeaves()) {
      throw new UnixFsException(
          profile.name() + " wraps content, so it cannot be left in place; use unixfs-v1-2025");
    }
    Path real;
    try {
      real = path.toRealPath();
    } catch (NoSuchFileException e) {
      throw new UnixFsException(path + " does not exist", e);
    }
    BlockOutput output = new BlockOutput(profile, sink);
    return finish(output, new Tree(output, options).add(real, 0));
  }

  private static Imported finish(BlockOutput output, Part root) {
    output.flush();
    return new Imported(root.cid(), root.size(), output.blocks());
  }

  /// One import of a path.
  private final class Tree {

    private final BlockOutput output;
    private final ImportOptions options;

    private Tree(BlockOutput output, ImportOptions options) {
      this.output = output;
      this.options = options;
    }

    private Part add(Path path, int depth) throws IOException {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isDirectory()) {
        return folder(path, depth);
      }
      if (attributes.isRegularFile()) {
        return file(path);
      }
      if (attributes.isSymbolicLink()) {
        return symlink(path);
      }
      throw new UnixFsException(path + " is neither a file nor a folder and cannot be added");
    }

    private Part file(Path path) throws IOException {
      Optional<Path> place = options.inPlace() ? Optional.of(path) : Optional.empty();
      try (InputStream in =
          Channels.newInputStream(
              Files.newByteChannel(
                  path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)))) {
        return new FileImport(profile, output, workers, arrays, options.progress(), place).read(in);
      }
    }

    private Part symlink(Path path) throws IOException {
      if (options.symlinks() == ImportOptions.Symlinks.REFUSE) {
        throw new UnixFsException(path + " is a symbolic link, and those are refused");
      }
      byte[] target = Files.readSymbolicLink(path).toString().getBytes(StandardCharsets.UTF_8);
      var block = output.put(PbNode.of(List.of(), UnixFsData.symlink(target).encode()));
      return new Part(block.cid(), 0, block.size());
    }

    private Part folder(Path path, int depth) throws IOException {
      if (depth == FOLDERS_DEPTH_MAX) {
        throw new UnixFsException(path + " is deeper than " + FOLDERS_DEPTH_MAX + " folders");
      }
      FolderImport folder = new FolderImport(profile, output);
      for (String name : names(path)) {
        folder.add(name, add(path.resolve(name), depth + 1));
      }
      return folder.finish();
    }

    private List<String> names(Path folder) throws IOException {
      List<String> names = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        for (Path entry : entries) {
          String name = String.valueOf(entry.getFileName());
          if (name.startsWith(".") && !options.hidden()) {
            continue;
          }
          if (name.indexOf('\ufffd') >= 0 && !Files.exists(entry, LinkOption.NOFOLLOW_LINKS)) {
            throw new UnixFsException("a name in " + folder + " is not UTF-8: " + name);
          }
          if (names.size() == FolderImport.ENTRIES_MAX) {
            throw new UnixFsException(
                folder + " has more than " + FolderImport.ENTRIES_MAX + " entries");
          }
          names.add(name);
        }
      } catch (DirectoryIteratorException e) {
        throw e.getCause();
      }
      names.sort(null); // so that two runs do the same in the same order
      return names;
    }
  }
}
