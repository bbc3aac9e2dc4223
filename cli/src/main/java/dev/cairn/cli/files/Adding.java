package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Output;
import dev.cairn.cli.RpcClient;
import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSink;
import dev.cairn.files.car.CarWriter;
import dev.cairn.files.unixfs.ImportOptions;
import dev.cairn.files.unixfs.Imported;
import dev.cairn.files.unixfs.Importer;
import dev.cairn.files.unixfs.Profile;
import dev.cairn.multiformats.Cid;
import jakarta.json.JsonObject;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import picocli.CommandLine.Option;

/// Adds files and folders to a node. A node of this user on this computer reads them itself; to any
/// other a file is sent as it is, so that it is hashed once and by a program that is warm, and the
/// blocks of a folder are made here and sent as one archive.
public final class Adding {

  /// What stands for standard input.
  static final String STANDARD_INPUT = "-";

  private static final int BUFFER_BYTES = 1 << 20;
  private static final Duration IN_PLACE_MAX = Duration.ofHours(12);

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "How blocks are made (IPIP-499): unixfs-v1-2025 (default) or unixfs-v0-2015.")
  private String profile = Profile.V1_2025.name();

  @Option(
      names = "--in-place",
      description = "Leave the content where it is; the node reads it there (files_in_place).")
  private boolean inPlace;

  @Option(names = "--hidden", description = "Of a folder, take names that begin with a dot too.")
  private boolean hidden;

  /// Adds what a path names, and pins it under the name.
  ///
  /// @param path or `-` for standard input
  public Imported add(RpcClient node, String path, String name, Output output) {
    Profile chosen;
    try {
      chosen = Profile.named(profile);
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()));
    }
    if (inPlace) {
      return inPlace(node, path);
    }
    return make(chosen, path, name, node, output);
  }

  /// Only says what the CID is.
  Imported hash(String path, Output output) {
    try (Meter meter = new Meter(path, output.isJson())) {
      requireReadable(path);
      return read(new Importer(Profile.named(profile), BlockSink.nowhere()), path, meter);
    } catch (IllegalArgumentException e) {
      throw CliException.usage(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw CliException.failed(reason(path, e));
    }
  }

  private Imported inPlace(RpcClient node, String path) {
    if (path.equals(STANDARD_INPUT)) {
      throw CliException.usage("standard input cannot be left in place");
    }
    JsonObject added =
        node.object(
            "file_addInPlace",
            RpcClient.params()
                .add("path", Path.of(path).toAbsolutePath().normalize().toString())
                .add("profile", profile)
                .add("hidden", hidden),
            IN_PLACE_MAX);
    return new Imported(
        Cid.parse(added.getString("cid")),
        added.getJsonNumber("size").longValue(),
        added.getJsonNumber("blocks").longValue());
  }

  private Imported make(Profile chosen, String path, String name, RpcClient node, Output output) {
    Imported[] imported = new Imported[1];
    boolean piped = path.equals(STANDARD_INPUT);
    try (Meter meter = new Meter(name.isEmpty() ? path : name, output.isJson())) {
      requireReadable(path);
      if (!piped) {
        Path file = Path.of(path);
        Optional<JsonObject> read =
            new LocalAdd(node).add(file, name, chosen.name(), hidden, meter);
        if (read.isPresent()) {
          return sent(read.get());
        }
      }
      if (piped || Files.isRegularFile(Path.of(path))) {
        try (InputStream in = piped ? System.in : Files.newInputStream(Path.of(path))) {
          NodeHttp.Body content = NodeHttp.all(in, meter);
          return sent(new NodeHttp(node).importFile(name, chosen.name(), content));
        }
      }
      new NodeHttp(node)
          .importCar(
              name,
              out -> {
                BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
                CarSink sink = new CarSink(buffered);
                imported[0] = read(new Importer(chosen, sink), path, meter);
                buffered.flush();
              });
      return imported[0];
    } catch (IOException e) {
      throw CliException.failed(reason(path, e));
    }
  }

  private static Imported sent(JsonObject kept) {
    return new Imported(
        Cid.parse(kept.getJsonArray("roots").getString(0)),
        kept.getJsonNumber("bytes").longValue(),
        kept.getJsonNumber("blocks").longValue());
  }

  private static void requireReadable(String path) throws IOException {
    if (path.equals(STANDARD_INPUT) || Files.isReadable(Path.of(path))) {
      return;
    }
    if (Files.exists(Path.of(path))) {
      throw new IOException("it may not be read");
    }
    throw new NoSuchFileException(path);
  }

  private Imported read(Importer importer, String path, Meter meter) throws IOException {
    try {
      if (path.equals(STANDARD_INPUT)) {
        return importer.add(new Counting(System.in, meter));
      }
      return importer.addPath(
          Path.of(path), ImportOptions.DEFAULTS.withHidden(hidden).withProgress(meter::add));
    } catch (UncheckedUpload e) {
      throw e.cause;
    } catch (IOException e) {
      throw new NodeHttp.UploadException(e);
    }
  }

  static String reason(String path, IOException e) {
    return e instanceof NoSuchFileException
        ? "there is no file " + path
        : path + ": " + e.getMessage();
  }

  /// Standard input, counted.
  private static final class Counting extends FilterInputStream {
    private final Meter meter;

    Counting(InputStream in, Meter meter) {
      super(in);
      this.meter = meter;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      meter.add(Math.max(0, n));
      return n;
    }
  }

  /// An error of the connection on its way through the importer, which knows none.
  private static final class UncheckedUpload extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient IOException cause;

    UncheckedUpload(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  /// Writes blocks into an archive without roots, as they are made: the root is the last one.
  private static final class CarSink implements BlockSink {
    private final ReentrantLock lock = new ReentrantLock();
    private final CarWriter writer;

    CarSink(OutputStream out) throws IOException {
      this.writer = new CarWriter(out, List.of());
    }

    @Override
    public void put(List<Block> blocks) {
      lock.lock();
      try {
        for (Block block : blocks) {
          writer.put(block);
        }
      } catch (IOException e) {
        throw new UncheckedUpload(e);
      } finally {
        lock.unlock();
      }
    }
  }
}
