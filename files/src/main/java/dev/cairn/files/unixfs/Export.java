package dev.cairn.files.unixfs;

import dev.cairn.files.block.BlockSource;
import dev.cairn.multiformats.Cid;
import dev.cairn.storage.StoreException;
import dev.cairn.storage.files.DurableFiles;
import dev.cairn.storage.files.Syncs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;

/// Puts files and folders on disk. All is written under a temporary name beside the target, made
/// durable, and then renamed: under the final name there is nothing or everything, also after a
/// crash. What failed is removed again.
///
/// Permissions and times that a folder's maker kept are not applied.
public final class Export {

  private final BlockSource source;
  private final ExportOptions options;

  public Export(BlockSource source, ExportOptions options) {
    this.source = source;
    this.options = options;
  }

  /// Writes a file, folder or symbolic link under the name `target`, whose folder has to exist.
  ///
  /// @throws UnixFsException for what is there already, a DAG that is damaged or lies about sizes,
  ///   names and links that leave the folder, more than the options allow, a full disk
  /// @throws IOException what the source throws
  public Exported to(Cid cid, Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UnixFsException(target + " cannot be written: its folder does not exist");
    }
    Node root = Node.fetch(source, cid);
    requireFree(absolute, root);
    Path fresh = folder.resolve(".cairn-" + UUID.randomUUID());
    try {
      Writer writer = new Writer(fresh, absolute);
      try (writer.syncs) {
        writer.write(root, fresh, "", 0);
        writer.syncs.await();
      }
      requireFree(absolute, root); // writing may have taken hours
      moveOver(fresh, absolute);
      return writer.written();
    } catch (IOException | RuntimeException e) {
      remove(fresh, e);
      throw e;
    }
  }

  private void requireFree(Path target, Node root) throws UnixFsException {
    if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!options.overwrite()) {
      throw new UnixFsException(target + " is there already");
    }
    if (root.isFolder() || Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new UnixFsException(target + " is there already, and folders are never replaced");
    }
  }

  private static void moveOver(Path fresh, Path target) throws IOException {
    try {
      DurableFiles.moveOver(fresh, target);
    } catch (IOException e) {
      throw failure(target, e);
    }
  }

  private static void remove(Path fresh, Exception reason) {
    if (!Files.exists(fresh, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      Files.walkFileTree(
          fresh,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException failed)
                throws IOException {
              Files.delete(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static UnixFsException failure(Path path, IOException e) {
    if (e instanceof FileAlreadyExistsException) {
      return new UnixFsException("two entries of a folder have the name " + path.getFileName(), e);
    }
    return new UnixFsException(StoreException.of(path, e).getMessage(), e);
  }

  /// One export.
  private final class Writer {

    private final Path fresh;
    private final Path target;
    private final Syncs syncs = new Syncs();
    private long files;
    private long folders;
    private long symlinks;
    private long bytes;

    /// @param fresh the temporary name
    /// @param target the final one, which messages name
    private Writer(Path fresh, Path target) {
      this.fresh = fresh;
      this.target = target;
    }

    private UnixFsException failure(Path path, IOException e) {
      Path below = fresh.relativize(path);
      return Export.failure(path.equals(fresh) ? target : target.resolve(below), e);
    }

    private FileChannel create(Path file) throws UnixFsException {
      try {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      } catch (IOException e) {
        throw failure(file, e);
      }
    }

    private Exported written() {
      return new Exported(files, folders, symlinks, bytes);
    }

    /// @param path of the entry below the root, for messages and the limit of its length
    private void write(Node node, Path target, String path, int depth) throws IOException {
      if (files + folders + symlinks >= options.entriesMax()) {
        throw new UnixFsException("more than " + options.entriesMax() + " entries");
      }
      DiskNames.requirePath(target.toString());
      switch (node.entry().kind()) {
        case FILE -> file(node, target);
        case DIRECTORY -> folder(node, target, path, depth);
        case SYMLINK -> symlink(node.entry(), target, path, depth);
      }
    }

    private void file(Node node, Path target) throws IOException {
      if (node.size() > options.bytesMax() - bytes) {
        throw new UnixFsException(
            "the content is over the limit of " + options.bytesMax() + " bytes");
      }
      FileChannel channel = create(target);
      boolean whole = false;
      try (InputStream content = new FileStream(source, node, 0, Long.MAX_VALUE)) {
        long written =
            content.transferTo(
                new ChannelStream(channel, e -> failure(target, e), options.progress()));
        if (written != node.size()) {
          throw new UnixFsException(
              node.cid() + " claims " + node.size() + " bytes and has " + written);
        }
        whole = true;
      } finally {
        if (!whole) {
          channel.close();
        }
      }
      syncs.add(channel, e -> failure(target, e));
      files++;
      bytes += node.size();
    }

    private void folder(Node node, Path target, String path, int depth) throws IOException {
      if (depth == Importer.FOLDERS_DEPTH_MAX) {
        throw new UnixFsException("deeper than " + depth + " folders: " + path);
      }
      try {
        Files.createDirectory(target);
      } catch (IOException e) {
        throw failure(target, e);
      }
      folders++;
      List<Child> children = new UnixFs(source).list(node.cid());
      source.prefetch(children.stream().limit(FileStream.READ_AHEAD).map(Child::cid).toList());
      for (Child child : children) {
        DiskNames.requireName(child.name());
        Node below = Node.fetch(source, child.cid());
        write(below, resolve(target, child.name()), path + "/" + child.name(), depth + 1);
      }
      syncs.add(FileChannel.open(target, StandardOpenOption.READ), e -> failure(target, e));
    }

    private void symlink(Entry link, Path target, String path, int depth) throws IOException {
      String to = link.target().orElseThrow();
      if (!options.symlinks()) {
        throw new UnixFsException("a symbolic link, and those are refused: " + path);
      }
      DiskNames.requireTarget(path, to, Math.max(0, depth - 1));
      try {
        Files.createSymbolicLink(target, Path.of(to));
      } catch (InvalidPathException e) {
        throw new UnixFsException("this system cannot name " + to, e);
      } catch (UnsupportedOperationException e) {
        throw new UnixFsException("this system has no symbolic links", e);
      } catch (IOException e) {
        throw failure(target, e);
      }
      symlinks++;
    }

    private static Path resolve(Path folder, String name) throws UnixFsException {
      try {
        return folder.resolve(name);
      } catch (InvalidPathException e) {
        throw new UnixFsException("this system cannot name a file " + name, e);
      }
    }
  }

  /// Writes to a file and says what went wrong there in other words than what goes wrong with the
  /// source.
  private static final class ChannelStream extends OutputStream {

    private final FileChannel channel;
    private final Syncs.Failures words;
    private final LongConsumer progress;

    private ChannelStream(FileChannel channel, Syncs.Failures words, LongConsumer progress) {
      this.channel = channel;
      this.words = words;
      this.progress = progress;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(data, offset, length);
      try {
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        throw words.of(e);
      }
      progress.accept(length);
    }
  }
}
