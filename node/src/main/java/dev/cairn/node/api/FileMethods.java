package dev.cairn.node.api;

import static dev.cairn.node.rpc.RpcMethod.Param.optional;
import static dev.cairn.node.rpc.RpcMethod.Param.required;

import dev.cairn.files.dag.DagWalk;
import dev.cairn.files.store.GcReport;
import dev.cairn.files.store.Pin;
import dev.cairn.files.store.StoreStat;
import dev.cairn.files.store.VerifyReport;
import dev.cairn.files.unixfs.Entry;
import dev.cairn.files.unixfs.Imported;
import dev.cairn.files.unixfs.Profile;
import dev.cairn.libp2p.host.Host;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.node.files.NodeFiles;
import dev.cairn.node.rpc.Params;
import dev.cairn.node.rpc.RpcException;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.Schema;
import dev.cairn.storage.StoreException;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `file_*` for what is kept here: pins, the store, files and folders.
final class FileMethods {

  private static final int NAME_CHARS_MAX = 255;
  private static final int ENTRIES_MAX = 10_000;

  /// What was fetched or added so recently is not collected unless asked.
  private static final long RECENT_SECONDS = 3_600;

  private final NodeFiles files;
  private final Host host;

  FileMethods(NodeFiles files, Host host) {
    this.files = files;
    this.host = host;
  }

  List<RpcMethod> methods() {
    return List.of(
        method(
            "file_pin",
            "Keeps a root with all below it; what is not here is fetched with file_fetch.",
            this::pin,
            cid(),
            optional("name", Schema.string("at most 255 characters"), "for a person")),
        method(
            "file_unpin",
            "Keeps a root no more; its blocks stay until they are collected.",
            this::unpin,
            cid()),
        method("file_pins", "All roots that are kept.", p -> pins()),
        method("file_rm", "Unpins a root and collects what nothing keeps.", this::remove, cid()),
        method(
            "file_gc",
            "Removes blocks that nothing keeps.",
            this::collect,
            optional(
                "recentSeconds",
                Schema.integer("0 or more, 3600 unless said"),
                "keep what is younger")),
        method("file_verify", "Hashes every block that is here again.", p -> verify()),
        method("file_storeStat", "What the store holds and may hold.", p -> storeStat()));
  }

  /// Those that look at content.
  List<RpcMethod> contentMethods() {
    return List.of(
        method(
            "file_stat",
            "What a CID is, and how much of it is here.",
            this::stat,
            cid(),
            path(),
            optional("network", Schema.bool("default true"), "ask peers for what is not here")),
        method(
            "file_ls",
            "The entries of a folder.",
            this::list,
            cid(),
            path(),
            optional("max", Schema.integer("1 to 10000"), "at most so many")),
        method(
            "file_addInPlace",
            "Adds a file or folder of the node's computer without a copy.",
            this::addInPlace,
            required("path", Schema.string("absolute"), "below a folder of files_in_place"),
            optional("profile", Schema.string("unixfs-v1-2025 or unixfs-v0-2015"), "CID profile"),
            optional("hidden", Schema.bool("default false"), "take names that begin with a dot")),
        method(
            "file_providers",
            "Peers that say they have a root.",
            this::providers,
            cid(),
            optional("waitMillis", Schema.integer("0 to 60000"), "how long to look")));
  }

  static RpcMethod method(
      String name, String summary, RpcMethod.Handler handler, RpcMethod.Param... params) {
    return new RpcMethod(
        name,
        summary,
        List.of(params),
        Schema.object("see spec/rpc.md", Map.of()),
        p -> guarded(handler, p));
  }

  /// Turns what goes wrong with files into answers for the caller.
  private static JsonValue guarded(RpcMethod.Handler handler, Params params)
      throws InterruptedException {
    try {
      return handler.call(params);
    } catch (FileFault e) {
      throw new RpcException(RpcException.NOT_FOUND, String.valueOf(e.getMessage()));
    } catch (MalformedException e) {
      throw new RpcException(
          RpcException.NOT_FOUND, "what the CID names is damaged: " + e.getMessage());
    } catch (StoreException e) {
      throw new RpcException(RpcException.REFUSED, e.getMessage());
    }
  }

  /// An [IOException] on its way out of a handler, which may throw none.
  static final class FileFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FileFault(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  static RpcMethod.Param cid() {
    return required("cid", Schema.string("CID"), "the root");
  }

  private static RpcMethod.Param path() {
    return optional("path", Schema.string("a/b/c"), "a path below the root");
  }

  static Cid cid(Params params) {
    return Parse.cid("cid", params.string("cid"));
  }

  static String name(Params params) {
    String name = params.optionalString("name").orElse("");
    if (name.length() > NAME_CHARS_MAX) {
      throw new RpcException(
          RpcException.INVALID_PARAMS, "a name has at most " + NAME_CHARS_MAX + " characters");
    }
    return name;
  }

  private JsonValue pin(Params params) {
    Cid cid = cid(params);
    files.pin(cid, name(params));
    return with(cid).add("name", name(params)).add("complete", here(cid).complete()).build();
  }

  private static JsonObjectBuilder with(Cid cid) {
    return ChainJson.JSON.createObjectBuilder().add("cid", cid.toString());
  }

  private DagWalk.Summary here(Cid cid) {
    try {
      return DagWalk.summarize(files.store().source(), cid);
    } catch (IOException e) {
      throw new FileFault(e);
    }
  }

  private JsonValue unpin(Params params) {
    Cid cid = cid(params);
    if (!files.unpin(cid)) {
      throw new RpcException(RpcException.NOT_FOUND, cid + " is not pinned");
    }
    return with(cid).build();
  }

  private JsonValue pins() {
    JsonArrayBuilder list = ChainJson.JSON.createArrayBuilder();
    for (Pin pin : files.store().pins()) {
      list.add(with(pin.cid()).add("name", pin.name()).add("since", pin.since().toEpochMilli()));
    }
    return ChainJson.JSON.createObjectBuilder().add("pins", list).build();
  }

  private JsonValue remove(Params params) {
    Cid cid = cid(params);
    boolean pinned = files.unpin(cid);
    if (!pinned && !files.store().has(cid)) {
      throw new RpcException(RpcException.NOT_FOUND, cid + " is not here");
    }
    return json(files.store().gc(Duration.ZERO))
        .add("cid", cid.toString())
        .add("unpinned", pinned)
        .build();
  }

  private JsonValue collect(Params params) {
    long recent = params.optionalLong("recentSeconds", 0, 1_000_000_000).orElse(RECENT_SECONDS);
    return json(files.store().gc(Duration.ofSeconds(recent))).build();
  }

  private static JsonObjectBuilder json(GcReport report) {
    return ChainJson.JSON
        .createObjectBuilder()
        .add("removedBlocks", report.removedBlocks())
        .add("removedBytes", report.removedBytes())
        .add("keptBlocks", report.keptBlocks())
        .add("missing", report.missing());
  }

  private JsonValue verify() {
    VerifyReport report = files.store().verify(bytes -> {});
    JsonArrayBuilder faults = ChainJson.JSON.createArrayBuilder();
    report.faults().forEach(faults::add);
    return ChainJson.JSON
        .createObjectBuilder()
        .add("blocks", report.blocks())
        .add("bytes", report.bytes())
        .add("faulty", report.faulty())
        .add("faults", faults)
        .build();
  }

  private JsonValue storeStat() {
    StoreStat stat = files.store().stat();
    return ChainJson.JSON
        .createObjectBuilder()
        .add("blocks", stat.blocks())
        .add("bytes", stat.bytes())
        .add("quotaBytes", stat.quotaBytes())
        .add("inPlaceBlocks", stat.inPlaceBlocks())
        .add("inPlaceBytes", stat.inPlaceBytes())
        .add("pins", stat.pins())
        .add("sentBytes", files.sentBytes())
        .build();
  }

  private Entry entry(Params params, boolean network) {
    Cid root = cid(params);
    Optional<String> path = params.optionalString("path").filter(p -> !p.isEmpty());
    try {
      return files.read(
          network, u -> path.isPresent() ? u.resolve(root, path.get()) : u.stat(root));
    } catch (IOException e) {
      throw new FileFault(e);
    }
  }

  private JsonValue stat(Params params) {
    boolean network = !params.has("network") || params.flag("network");
    Entry entry = entry(params, network);
    DagWalk.Summary summary = here(entry.cid());
    JsonObjectBuilder json =
        with(entry.cid())
            .add("kind", entry.kind().name().toLowerCase(Locale.ROOT))
            .add("size", entry.size())
            .add("blocks", summary.blocks())
            .add("blockBytes", summary.bytes())
            .add("complete", summary.complete())
            .add("pinned", files.store().pinned(entry.cid()).isPresent());
    entry.target().ifPresent(t -> json.add("target", t));
    return json.build();
  }

  private JsonValue list(Params params) {
    int max = params.optionalLong("max", 1, ENTRIES_MAX).orElse((long) ENTRIES_MAX).intValue();
    Entry folder = entry(params, true);
    JsonArrayBuilder entries = ChainJson.JSON.createArrayBuilder();
    int[] count = new int[1];
    try {
      files.read(
          true,
          u -> {
            if (folder.kind() != Entry.Kind.DIRECTORY) {
              throw new IOException(folder.cid() + " is no folder");
            }
            u.forEach(
                folder.cid(),
                child -> {
                  if (count[0]++ < max) {
                    entries.add(
                        with(child.cid())
                            .add("name", child.name())
                            .add("dagBytes", child.dagBytes()));
                  }
                });
            return count[0];
          });
    } catch (IOException e) {
      throw new FileFault(e);
    }
    return with(folder.cid()).add("count", count[0]).add("entries", entries).build();
  }

  private JsonValue addInPlace(Params params) {
    Profile profile =
        Parse.parse(
            "profile",
            params.optionalString("profile").orElse(Profile.V1_2025.name()),
            Profile::named);
    try {
      Path path = Path.of(params.string("path"));
      if (!path.isAbsolute()) {
        throw new RpcException(RpcException.INVALID_PARAMS, "parameter 'path' must be absolute");
      }
      Imported imported = files.addInPlace(path, profile, params.flag("hidden"));
      return with(imported.cid())
          .add("size", imported.size())
          .add("blocks", imported.blocks())
          .build();
    } catch (InvalidPathException e) {
      throw new RpcException(RpcException.INVALID_PARAMS, "parameter 'path': " + e.getReason());
    } catch (IOException e) {
      throw new RpcException(RpcException.REFUSED, String.valueOf(e.getMessage()));
    }
  }

  private JsonValue providers(Params params) throws InterruptedException {
    Cid cid = cid(params);
    long wait = params.optionalLong("waitMillis", 0, 60_000).orElse(5_000L);
    JsonArrayBuilder list = ChainJson.JSON.createArrayBuilder();
    if (files.store().has(cid)) {
      JsonArrayBuilder own = ChainJson.JSON.createArrayBuilder();
      host.addresses().forEach(a -> own.add(a.toString()));
      list.add(
          ChainJson.JSON
              .createObjectBuilder()
              .add("peerId", host.id().toString())
              .add("addresses", own)
              .add("self", true));
    }
    files
        .providers(cid, Duration.ofMillis(wait))
        .forEach(
            p -> {
              JsonArrayBuilder addresses = ChainJson.JSON.createArrayBuilder();
              p.addresses().forEach(a -> addresses.add(a.toString()));
              list.add(
                  ChainJson.JSON
                      .createObjectBuilder()
                      .add("peerId", p.peer().toString())
                      .add("addresses", addresses)
                      .add("self", false));
            });
    return with(cid).add("providers", list).build();
  }
}
