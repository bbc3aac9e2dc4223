package dev.cairn.cli.node;

import dev.cairn.cli.Main;
import dev.cairn.files.block.BlockSink;
import dev.cairn.files.unixfs.Importer;
import dev.cairn.files.unixfs.Profile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// A file that goes into one node and comes out of another, for the ahead-of-time cache: the paths
/// of bulk data (hashes, HTTP bodies, blocks, the secure channel) are then known for hot from the
/// first block of a new process.
final class FileRehearsal {

  /// Enough that what is done for each frame or piece of a block was done thousands of times.
  private static final int MEBIBYTES = 96;

  private static final int MEBIBYTE = 1 << 20;

  private FileRehearsal() {}

  /// @param folder for the file and its copy
  /// @param from the RPC of the node that gets the file
  /// @param to the RPC of the node that fetches it there
  static void run(Path folder, String from, String to) throws IOException {
    Path file = folder.resolve("file");
    byte[] noise = new byte[MEBIBYTE];
    new SplittableRandom(1).nextBytes(noise);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < MEBIBYTES; i++) {
        ByteBuffer.wrap(noise).putInt(i); // no two blocks are the same
        out.write(noise);
      }
    }
    String cid = new Importer(Profile.V1_2025, BlockSink.nowhere()).addPath(file).cid().toString();
    Main.run("file", "add", file.toString(), "--rpc", from, "--json");
    Main.run("file", "get", cid, "-o", folder.resolve("copy").toString(), "--rpc", to, "--json");
  }
}
