package dev.cairn.node.gateway;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.BlockMissingException;
import dev.cairn.files.car.CarException;
import dev.cairn.files.car.CarReader;
import dev.cairn.files.dag.DagWalk;
import dev.cairn.files.dag.Links;
import dev.cairn.files.dag.MarkSet;
import dev.cairn.files.store.FileStore;
import dev.cairn.files.store.Hold;
import dev.cairn.files.unixfs.Imported;
import dev.cairn.files.unixfs.Importer;
import dev.cairn.files.unixfs.Profile;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.node.keys.LocalKey;
import dev.cairn.node.rpc.RequestBody;
import dev.cairn.node.rpc.Site;
import dev.cairn.storage.StoreException;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import jakarta.json.Json;
import jakarta.json.JsonObjectBuilder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// `POST /files/import`: takes a CAR, checks every block against its CID, stores it and pins the
/// archive's roots; or takes the content of one file, makes blocks of it and pins their root. A web
/// page of another origin cannot send these content types without asking first, and is not answered
/// then. With `?path=` it takes no content, but reads a file or folder itself ([LocalImport]).
///
/// An archive whose header has no roots has one: its last block. Whoever makes blocks of a file
/// while it sends them does not know the root before.
///
/// The body has no limit of its own, but the store has one (`files_quota`). Blocks of an import
/// that fails are kept by nothing, so the next collection removes them.
public final class ImportSite implements Site {

  private static final String PATH = "/files/import";

  /// The content of a file as it is.
  private static final String CONTENT_TYPE = "application/octet-stream";

  private static final int IMPORTS_MAX = 4;
  private static final int NAME_CHARS_MAX = 255;
  private static final int ROOTS_MAX = 64;

  /// Blocks of one write: enough to share its cost, few enough to hold in memory.
  private static final int BATCH_BYTES = 4 << 20;

  private static final int BATCH_BLOCKS = 1_024;

  /// Blocks that are linked to and have not come, each of which is in memory by its CID.
  private static final int LINKED_MAX = 1 << 20;

  private static final int BUFFER_BYTES = 1 << 20;

  private final FileStore store;
  private final Consumer<List<Cid>> onAdded;
  private final LocalImport local;
  private final BlockArrays arrays = new BlockArrays();
  private final Semaphore slots = new Semaphore(IMPORTS_MAX);

  /// @param onAdded told of the roots that are here and kept
  /// @param key of those for whom the node reads files itself
  public ImportSite(FileStore store, Consumer<List<Cid>> onAdded, LocalKey key) {
    this.store = store;
    this.onAdded = onAdded;
    this.local = new LocalImport(key);
  }

  @Override
  public boolean takes(String rawPath) {
    return rawPath.equals(PATH);
  }

  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    String type =
        request
            .headers()
            .first(HeaderNames.CONTENT_TYPE)
            .orElse("")
            .split(";", 2)[0]
            .strip()
            .toLowerCase(Locale.ROOT);
    Optional<String> name = request.query().first("name").asOptional();
    Optional<String> path = request.query().first("path").asOptional();
    Optional<Profile> profile = profile(request);
    if (!request.prologue().method().equals(Method.POST)) {
      response.header("Allow", "POST");
      refuse(request, response, 405, "send a CAR or a file with POST");
    } else if (path.isEmpty() && !type.equals(Format.CAR_TYPE) && !type.equals(CONTENT_TYPE)) {
      String types = Format.CAR_TYPE + ", or " + CONTENT_TYPE + " for a file";
      refuse(request, response, 415, "the content type must be " + types);
    } else if (name.orElse("").length() > NAME_CHARS_MAX) {
      refuse(request, response, 400, "a name has at most " + NAME_CHARS_MAX + " characters");
    } else if (profile.isEmpty()) {
      refuse(request, response, 400, "there is no profile of that name");
    } else if (!slots.tryAcquire()) {
      refuse(request, response, 503, "four imports are under way; come again");
    } else {
      try {
        if (path.isPresent()) {
          read(request, response, path.get(), profile.get(), name.orElse(""));
        } else {
          take(request, response, type.equals(Format.CAR_TYPE), profile.get(), name.orElse(""));
        }
      } finally {
        slots.release();
        if (slots.availablePermits() == IMPORTS_MAX) {
          arrays.clear();
        }
      }
    }
  }

  private void read(
      ServerRequest request, ServerResponse response, String path, Profile profile, String name) {
    Optional<LocalImport.Refusal> refusal = local.refusal(request, response, path);
    if (refusal.isPresent()) {
      refuse(request, response, refusal.get().status(), refusal.get().sentence());
      return;
    }
    boolean hidden = request.query().first("hidden").asOptional().equals(Optional.of("true"));
    boolean pin = isToPin(request);
    try (Hold _ = store.hold()) {
      local.read(
          new Importer(profile, store),
          Path.of(path),
          hidden,
          it -> kept(List.of(it.cid()), it.blocks(), it.size(), name, pin).build(),
          response);
    } catch (IOException | UncheckedIOException e) {
      throw new CloseConnectionException("a caller is gone before the end of an import", e);
    }
  }

  private static boolean isToPin(ServerRequest request) {
    return !request.query().first("pin").asOptional().equals(Optional.of("false"));
  }

  private void take(
      ServerRequest request, ServerResponse response, boolean car, Profile profile, String name) {
    boolean pin = isToPin(request);
    String what = car ? "CAR" : "file";
    // The content of an empty file is no entity.
    if (car && !request.content().hasEntity()) {
      text(response, 400, "send a CAR");
      return;
    }
    InputStream body =
        request.content().hasEntity()
            ? request.content().inputStream()
            : InputStream.nullInputStream();
    try (Hold _ = store.hold()) {
      JsonObjectBuilder answer;
      if (car) {
        answer = archive(body, name, pin);
      } else {
        Imported file = new Importer(profile, store).add(body);
        answer = kept(List.of(file.cid()), file.blocks(), file.size(), name, pin);
      }
      response.header("Content-Type", "application/json");
      response.send(answer.build().toString().getBytes(StandardCharsets.UTF_8));
    } catch (CarException | MalformedException e) {
      text(response, 400, "this is no whole CAR: " + e.getMessage());
    } catch (StoreException e) {
      text(response, 507, String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException | InsufficientDataAvailableException e) {
      text(response, 400, "the " + what + " was cut off: " + e.getMessage());
    }
    RequestBody.finish(body);
  }

  /// By which blocks are made of a file; empty when there is none of that name.
  private static Optional<Profile> profile(ServerRequest request) {
    String name = request.query().first("profile").asOptional().orElse(Profile.V1_2025.name());
    try {
      return Optional.of(Profile.named(name));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private JsonObjectBuilder archive(InputStream body, String name, boolean pin) throws IOException {
    CarReader car = new CarReader(new BufferedInputStream(body, BUFFER_BYTES));
    List<Cid> roots = car.roots();
    if (roots.size() > ROOTS_MAX) {
      throw new CarException("a CAR to be kept has at most " + ROOTS_MAX + " roots");
    }
    long blocks = 0;
    long bytes = 0;
    int waiting = 0;
    MarkSet seen = new MarkSet();
    Set<Cid> linked = new LinkedHashSet<>(roots); // and not seen yet
    List<Block> batch = new ArrayList<>();
    for (Optional<Block> next = car.next(arrays); next.isPresent(); next = car.next(arrays)) {
      batch.add(next.get());
      note(next.get(), seen, linked);
      waiting += next.get().size();
      if (++blocks > DagWalk.BLOCKS_MAX) {
        throw new CarException("it has more than " + DagWalk.BLOCKS_MAX + " blocks");
      }
      bytes += next.get().size();
      if (waiting >= BATCH_BYTES || batch.size() >= BATCH_BLOCKS) {
        Block last = batch.removeLast(); // which may turn out to be the root
        store(batch);
        batch.add(last);
        waiting = last.size();
      }
    }
    if (roots.isEmpty()) {
      if (batch.isEmpty()) {
        throw new CarException("it has neither roots nor blocks");
      }
      roots = List.of(batch.getLast().cid());
    }
    store(batch);
    if (pin) {
      requireHere(linked);
    }
    return kept(roots, blocks, bytes, name, pin);
  }

  private void store(List<Block> batch) {
    store.put(batch);
    batch.forEach(block -> arrays.give(block.bytes()));
    batch.clear();
  }

  private JsonObjectBuilder kept(
      List<Cid> roots, long blocks, long bytes, String name, boolean pin) {
    if (pin) {
      for (Cid root : roots) {
        store.pin(root, name);
      }
      onAdded.accept(roots);
    } else {
      store.sync();
    }
    var list = Json.createArrayBuilder();
    for (Cid root : roots) {
      list.add(root.toString());
    }
    return Json.createObjectBuilder()
        .add("roots", list)
        .add("blocks", blocks)
        .add("bytes", bytes)
        .add("pinned", pin);
  }

  /// Blocks that the archive links to and does not hold must be in the store, with all below them.
  private void requireHere(Set<Cid> linked) throws IOException {
    try {
      DagWalk.walk(store.source(), List.copyOf(linked), block -> {});
    } catch (BlockMissingException e) {
      throw new CarException("it lacks the block " + e.cid());
    }
  }

  private static void note(Block block, MarkSet seen, Set<Cid> linked) throws CarException {
    if (seen.visit(block.cid())) {
      for (Cid link : Links.of(block)) {
        if (!seen.visited(link)) {
          linked.add(link);
        }
      }
    }
    linked.remove(block.cid());
    if (linked.size() > LINKED_MAX) {
      throw new CarException("it links to more than " + LINKED_MAX + " blocks before they come");
    }
  }

  private static void refuse(
      ServerRequest request, ServerResponse response, int status, String sentence) {
    text(response, status, sentence);
    if (request.content().hasEntity()) {
      RequestBody.finish(request.content().inputStream());
    }
  }

  private static void text(ServerResponse response, int status, String sentence) {
    response.header("Content-Type", "text/plain; charset=utf-8");
    response.status(Status.create(status));
    response.send((sentence + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
