package dev.cairn.node.gateway;

import dev.cairn.files.unixfs.ImportOptions;
import dev.cairn.files.unixfs.Imported;
import dev.cairn.files.unixfs.Importer;
import dev.cairn.files.unixfs.UnixFsException;
import dev.cairn.node.keys.LocalKey;
import dev.cairn.storage.StoreException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// A file or folder that the node reads itself, on behalf of a caller on the same computer who
/// proves with the [LocalKey] that they might read it too. Sending it over HTTP instead costs both
/// sides two copies of every byte, and the server's reader a collection of the whole heap for every
/// 100 MB.
///
/// The caller also says which file the path is for them ([#id]): a node in a container may have
/// another one under it.
///
/// The answer is a line of JSON for how far it is now and then, `{"bytes":N}`, and a last one with
/// what was kept, or with `error` and the HTTP `status` that it would have had.
public final class LocalImport {

  /// The scheme of the `Authorization` that carries a proof, and of the challenge.
  public static final String SCHEME = "Cairn-Local";

  static final String CONTENT_TYPE = "application/x-ndjson";

  private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final LocalKey key;

  LocalImport(LocalKey key) {
    this.key = key;
  }

  /// What the file or folder is on this computer, wherever its path leads.
  ///
  /// @throws IOException when it is not there or may not be looked at
  public static String id(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return attributes.fileKey() + " " + attributes.lastModifiedTime();
  }

  /// The request that a proof is of.
  public static String request(String path, String id) {
    return "import\n" + path + "\n" + id;
  }

  /// Why a status other than 200 is given.
  record Refusal(int status, String sentence) {}

  /// Empty when the caller may have the path read.
  Optional<Refusal> refusal(ServerRequest request, ServerResponse response, String path) {
    String proof =
        request.headers().first(HeaderNames.AUTHORIZATION).orElse("").replace(SCHEME + " ", "");
    if (proof.isEmpty()) {
      response.header("WWW-Authenticate", SCHEME + " key=\"" + key.file() + "\"");
      return Optional.of(new Refusal(401, "prove with the key that you might read it yourself"));
    }
    try {
      Path file = Path.of(path);
      if (!file.isAbsolute()) {
        return Optional.of(new Refusal(400, "the path must be absolute"));
      }
      if (!key.proves(request(path, id(file)), proof)) {
        return Optional.of(new Refusal(403, "the proof is not of this file with this node's key"));
      }
      return Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.of(new Refusal(400, "there can be no such path: " + e.getReason()));
    } catch (IOException e) {
      return Optional.of(new Refusal(403, "the node cannot see it: " + e.getMessage()));
    }
  }

  /// Reads it into the importer's store.
  ///
  /// @param kept makes what is in it durable, and the answer
  void read(
      Importer importer,
      Path path,
      boolean hidden,
      Function<Imported, JsonObject> kept,
      ServerResponse response)
      throws IOException {
    response.header("Content-Type", CONTENT_TYPE);
    try (OutputStream out = response.outputStream()) {
      Progress progress = new Progress(out);
      JsonObject last;
      try {
        ImportOptions options =
            ImportOptions.DEFAULTS.withHidden(hidden).withProgress(progress::add);
        last = kept.apply(importer.addPath(path, options));
      } catch (AccessDeniedException e) {
        last = error(403, "the node may not read " + e.getFile());
      } catch (StoreException e) {
        last = error(507, String.valueOf(e.getMessage()));
      } catch (UnixFsException e) {
        last = error(400, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        last = error(400, path + " cannot be read: " + e.getMessage());
      }
      progress.write(last);
    }
  }

  private static JsonObject error(int status, String sentence) {
    return Json.createObjectBuilder().add("status", status).add("error", sentence).build();
  }

  /// Lines to the caller, from any thread. When they are gone the import ends.
  private static final class Progress {
    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private long bytes;
    private long toldAt = System.nanoTime();

    Progress(OutputStream out) {
      this.out = out;
    }

    void add(long more) {
      lock.lock();
      try {
        bytes += more;
        if (System.nanoTime() - toldAt >= TELL_NANOS) {
          toldAt = System.nanoTime();
          write(Json.createObjectBuilder().add("bytes", bytes).build());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        lock.unlock();
      }
    }

    void write(JsonObject line) throws IOException {
      lock.lock();
      try {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      } finally {
        lock.unlock();
      }
    }
  }
}
