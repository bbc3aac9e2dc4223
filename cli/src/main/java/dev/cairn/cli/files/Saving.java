package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.files.block.BlockMissingException;
import dev.cairn.files.unixfs.Export;
import dev.cairn.files.unixfs.ExportOptions;
import dev.cairn.files.unixfs.Exported;
import dev.cairn.files.unixfs.UnixFs;
import dev.cairn.multiformats.Cid;
import dev.cairn.storage.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import picocli.CommandLine.Option;

/// Puts what a node has on disk here, or on standard output. Every block is hashed here, so that
/// the node is not trusted; nothing half-written lies under the final name.
public final class Saving {

  @Option(names = "--force", description = "Replace what is there under that name.")
  private boolean force;

  @Option(names = "--no-symlinks", description = "Refuse folders that have symbolic links.")
  private boolean noSymlinks;

  /// Refuses early what could not be written later.
  public void requireFree(Path target) {
    if (!force && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw CliException.failed(target + " is there already; --force replaces it");
    }
  }

  /// Writes a file or folder.
  public Exported save(RpcClient node, Cid cid, long size, Path target, Output output) {
    long[] done = new long[1];
    try (Meter meter = new Meter("writing " + target, output.isJson())) {
      ExportOptions options =
          ExportOptions.DEFAULTS
              .withOverwrite(force)
              .withSymlinks(!noSymlinks)
              .withProgress(
                  bytes -> {
                    done[0] += bytes;
                    meter.show(done[0], size, 0);
                  });
      return new Export(new NodeHttp(node), options).to(cid, target);
    } catch (BlockMissingException e) {
      throw new CliException(Exit.NOT_FOUND, String.valueOf(e.getMessage()));
    } catch (IOException | StoreException e) {
      throw CliException.failed(target + " is not written: " + e.getMessage());
    }
  }

  /// Writes one file: under its name there is nothing or all of it, and under no other name.
  void writeFile(Path target, NodeHttp.Body body) throws IOException {
    write(target, body, () -> requireFree(target));
  }

  /// Writes a value over what is there under that name, in one step.
  public static void replace(Path target, byte[] value) {
    try {
      write(target, out -> out.write(value), () -> {});
    } catch (IOException e) {
      throw CliException.failed("cannot write " + target + ": " + e.getMessage());
    }
  }

  private static void write(Path target, NodeHttp.Body body, Runnable check) throws IOException {
    Path path = target.toAbsolutePath();
    Path fresh = path.resolveSibling(".cairn-" + UUID.randomUUID());
    try {
      try (OutputStream out = Files.newOutputStream(fresh, StandardOpenOption.CREATE_NEW)) {
        body.writeTo(new Disk(out, target));
      }
      check.run();
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /// Says what the disk meets in other words than what goes wrong with the content's source.
  private static final class Disk extends OutputStream {
    private final OutputStream out;
    private final Path target;

    Disk(OutputStream out, Path target) {
      this.out = out;
      this.target = target;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
      try {
        out.write(data, offset, length);
      } catch (IOException e) {
        throw new IOException(StoreException.of(target, e).getMessage(), e);
      }
    }
  }

  /// Writes a file to standard output.
  static void print(RpcClient node, Cid cid, long offset, long length) {
    try (InputStream in = new UnixFs(new NodeHttp(node)).open(cid, offset, length)) {
      long _ = in.transferTo(new StandardOutput());
    } catch (BlockMissingException e) {
      throw new CliException(Exit.NOT_FOUND, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw CliException.failed(String.valueOf(e.getMessage()));
    }
  }
}
