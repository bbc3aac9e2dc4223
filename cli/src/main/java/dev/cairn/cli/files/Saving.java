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
    Path path = target.toAbsolutePath();
    Path fresh = path.resolveSibling(".cairn-" + UUID.randomUUID());
    try {
      try (OutputStream out = Files.newOutputStream(fresh, StandardOpenOption.CREATE_NEW)) {
        body.writeTo(out);
      }
      requireFree(target);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
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
