package dev.cairn.node.api;

import static dev.cairn.node.api.FileMethods.cid;
import static dev.cairn.node.api.FileMethods.method;
import static dev.cairn.node.api.FileMethods.name;
import static dev.cairn.node.rpc.RpcMethod.Param.optional;
import static dev.cairn.node.rpc.RpcMethod.Param.required;

import dev.cairn.files.exchange.Progress;
import dev.cairn.files.exchange.SourceReport;
import dev.cairn.files.send.InboxOffer;
import dev.cairn.files.send.Offer;
import dev.cairn.files.send.OfferStatus;
import dev.cairn.files.send.OutboxOffer;
import dev.cairn.files.send.SendException;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import dev.cairn.node.files.Downloads;
import dev.cairn.node.files.NameRequests;
import dev.cairn.node.files.NodeFiles;
import dev.cairn.node.files.Published.Thing;
import dev.cairn.node.rpc.Params;
import dev.cairn.node.rpc.RpcException;
import dev.cairn.node.rpc.RpcMethod;
import dev.cairn.node.rpc.Schema;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// `file_*` for what goes to and comes from peers: downloads, sending, and names that are asked
/// for.
final class TransferMethods {

  private static final int FROM_MAX = 64;
  private static final long WAIT_SECONDS_MAX = 604_800;

  private final NodeFiles files;

  TransferMethods(NodeFiles files) {
    this.files = files;
  }

  List<RpcMethod> methods() {
    return List.of(
        method(
            "file_fetch",
            "Fetches all below a root from every peer that has it; goes on after a restart.",
            this::fetch,
            cid(),
            optional("name", Schema.string("at most 255 characters"), "of the pin"),
            optional("pin", Schema.bool("default true"), "keep it"),
            optional("from", Schema.array(Schema.string("peer id"), "at most 64"), "ask these"),
            optional("onlyFrom", Schema.bool("default false"), "ask nobody else"),
            optional(
                "waitSeconds",
                Schema.integer("0 to 604800, 0 unless said"),
                "wait so long for what nobody has yet")),
        method("file_progress", "How far a download is, and who gave what.", this::progress, cid()),
        method("file_downloads", "All downloads that are remembered.", p -> downloads()),
        method("file_cancel", "Gives a download up; what has come stays.", this::cancel, cid()),
        method(
            "file_send",
            "Offers a file or folder that is here to a peer.",
            this::send,
            cid(),
            required("peer", Schema.string("peer id"), "who shall get it"),
            required("name", Schema.string("a file name"), "what it is called there")),
        method("file_outbox", "What this node sends.", p -> outbox()),
        method("file_withdraw", "Takes an offer back.", this::withdraw, id("of file_outbox")));
  }

  /// Those that a receiver and an asking or asked peer use.
  List<RpcMethod> answerMethods() {
    return List.of(
        method("file_inbox", "What peers send to this node.", p -> inbox()),
        method("file_accept", "Takes an offer that waits.", this::accept, id("of file_inbox")),
        method("file_refuse", "Refuses an offer.", this::refuse, id("of file_inbox")),
        method(
            "file_publish",
            "Lets peers ask for something under a name.",
            this::publish,
            required("name", Schema.string("1 to 128 bytes"), "what peers ask for"),
            optional("cid", Schema.string("CID"), "a file or folder"),
            optional("value", Schema.string("base64"), "bytes, at most 65536"),
            optional("owner", Schema.string("bech32m"), "of a record of the chain"),
            optional("record", Schema.string("1 to 128 bytes"), "its name")),
        method(
            "file_unpublish",
            "Publishes a name no more.",
            this::unpublish,
            required("name", Schema.string("1 to 128 bytes"), "the name")),
        method("file_published", "What peers may ask for.", p -> published()),
        method(
            "file_request",
            "Asks a peer, and nobody else, for what it publishes under a name.",
            this::request,
            required("peer", Schema.string("peer id"), "who is asked"),
            required("name", Schema.string("1 to 128 bytes"), "what for; 'status' is everywhere")));
  }

  private static RpcMethod.Param id(String of) {
    return required("id", Schema.string("hex"), of);
  }

  private static JsonObjectBuilder object() {
    return ChainJson.JSON.createObjectBuilder();
  }

  private JsonValue fetch(Params params) {
    List<PeerId> from =
        params.has("from")
            ? params.strings("from", FROM_MAX).stream()
                .map(p -> Parse.parse("from", p, PeerId::parse))
                .toList()
            : List.of();
    boolean onlyFrom = params.flag("onlyFrom");
    if (onlyFrom && from.isEmpty()) {
      throw new RpcException(RpcException.INVALID_PARAMS, "onlyFrom needs peers in 'from'");
    }
    boolean pin = !params.has("pin") || params.flag("pin");
    long wait = params.optionalLong("waitSeconds", 0, WAIT_SECONDS_MAX).orElse(0L);
    try {
      return json(files
              .downloads()
              .start(
                  new Downloads.Wanted(cid(params), name(params), pin, from, onlyFrom),
                  Duration.ofSeconds(wait)))
          .build();
    } catch (IllegalStateException e) {
      throw new RpcException(RpcException.BUSY, String.valueOf(e.getMessage()));
    }
  }

  private JsonValue progress(Params params) {
    Cid cid = cid(params);
    return json(files
            .downloads()
            .get(cid)
            .orElseThrow(() -> new RpcException(RpcException.NOT_FOUND, "no download of " + cid)))
        .build();
  }

  private JsonValue downloads() {
    JsonArrayBuilder list = ChainJson.JSON.createArrayBuilder();
    files.downloads().all().forEach(v -> list.add(json(v)));
    return object().add("downloads", list).build();
  }

  private static JsonObjectBuilder json(Downloads.View view) {
    Progress progress = view.progress();
    JsonArrayBuilder sources = ChainJson.JSON.createArrayBuilder();
    for (SourceReport source : progress.sources()) {
      sources.add(
          object()
              .add("peerId", source.peer().toString())
              .add("bytes", source.bytes())
              .add("blocks", source.blocks())
              .add("state", source.state().name().toLowerCase(Locale.ROOT))
              .add("why", source.why()));
    }
    JsonObjectBuilder json =
        object()
            .add("cid", view.wanted().root().toString())
            .add("name", view.wanted().name())
            .add("state", view.state().name().toLowerCase(Locale.ROOT))
            .add("reason", view.reason())
            .add("missing", view.missing())
            .add("bytes", progress.bytes())
            .add("blocks", progress.blocks())
            .add("blocksKnown", progress.blocksKnown())
            .add("fetchedBytes", progress.fetchedBytes())
            .add("bytesPerSecond", progress.bytesPerSecond())
            .add("elapsedMillis", progress.elapsed().toMillis())
            .add("sources", sources);
    progress.totalBytes().ifPresent(total -> json.add("totalBytes", total));
    return json;
  }

  private JsonValue cancel(Params params) {
    Cid cid = cid(params);
    if (!files.downloads().cancel(cid)) {
      throw new RpcException(RpcException.NOT_FOUND, "no download of " + cid + " is under way");
    }
    return object().add("cid", cid.toString()).build();
  }

  private JsonValue send(Params params) {
    PeerId to = Parse.parse("peer", params.string("peer"), PeerId::parse);
    String name = Parse.parse("name", params.string("name"), Offer::checkName);
    try {
      return json(files.send(to, cid(params), name)).build();
    } catch (SendException e) {
      throw new RpcException(RpcException.BUSY, e.getMessage());
    } catch (IOException e) {
      throw new FileMethods.FileFault(e);
    }
  }

  private static JsonObjectBuilder json(Offer offer, OfferStatus status) {
    return object()
        .add("name", offer.name())
        .add("size", offer.size())
        .add("cid", offer.root().toString())
        .add("kind", offer.kind().name().toLowerCase(Locale.ROOT))
        .add("state", status.state().name().toLowerCase(Locale.ROOT))
        .add("bytes", status.bytes())
        .add("reason", status.reason());
  }

  private static JsonObjectBuilder json(OutboxOffer entry) {
    return json(entry.offer(), entry.status())
        .add("id", entry.offer().id())
        .add("to", entry.to().toString())
        .add("told", entry.told())
        .add("since", entry.sinceMillis())
        .add("changed", entry.changedMillis());
  }

  private JsonValue outbox() {
    JsonArrayBuilder list = ChainJson.JSON.createArrayBuilder();
    files.sending().outbox().offers().forEach(o -> list.add(json(o)));
    return object().add("offers", list).build();
  }

  private static JsonObjectBuilder json(InboxOffer entry) {
    return json(entry.offer(), entry.status())
        .add("id", entry.key())
        .add("from", entry.from().toString())
        .add("since", entry.sinceMillis())
        .add("changed", entry.changedMillis())
        .add("path", entry.path());
  }

  private JsonValue inbox() {
    JsonArrayBuilder list = ChainJson.JSON.createArrayBuilder();
    files.sending().inbox().offers().forEach(o -> list.add(json(o)));
    return object().add("offers", list).build();
  }

  private static JsonValue settle(String id, Runnable action) {
    try {
      action.run();
    } catch (SendException e) {
      throw new RpcException(RpcException.NOT_FOUND, e.getMessage());
    }
    return object().add("id", id).build();
  }

  private JsonValue withdraw(Params params) {
    String id = params.string("id");
    return settle(id, () -> files.sending().outbox().withdraw(id));
  }

  private JsonValue accept(Params params) {
    String id = params.string("id");
    return settle(id, () -> files.sending().inbox().accept(id));
  }

  private JsonValue refuse(Params params) {
    String id = params.string("id");
    return settle(id, () -> files.sending().inbox().refuse(id));
  }

  private JsonValue publish(Params params) {
    String name = Parse.recordName(params.string("name"));
    int given = 0;
    Thing thing = new Thing.Value(Bytes.EMPTY);
    if (params.has("cid")) {
      thing = new Thing.Content(cid(params));
      given++;
    }
    if (params.has("value")) {
      thing =
          new Thing.Value(
              Bytes.wrap(
                  Parse.<byte[]>parse(
                      "value", params.string("value"), Base64.getDecoder()::decode)));
      given++;
    }
    if (params.has("record")) {
      thing =
          new Thing.ChainRecord(
              Parse.address("owner", params.string("owner")),
              Parse.recordName(params.string("record")));
      given++;
    }
    if (given != 1) {
      throw new RpcException(
          RpcException.INVALID_PARAMS, "give a cid, a value, or an owner with a record");
    }
    Thing published = thing;
    return Parse.parse(
        "value",
        name,
        n -> {
          files.published().put(n, published);
          return json(n, published).build();
        });
  }

  private static JsonObjectBuilder json(String name, Thing thing) {
    JsonObjectBuilder json = object().add("name", name);
    return switch (thing) {
      case Thing.Value(Bytes bytes) ->
          json.add("kind", "value")
              .add("value", Base64.getEncoder().encodeToString(bytes.toArrayUnsafe()));
      case Thing.Content(Cid cid) -> json.add("kind", "file").add("cid", cid.toString());
      case Thing.ChainRecord record ->
          json.add("kind", "record")
              .add("owner", record.owner().toString())
              .add("record", record.name());
    };
  }

  private JsonValue unpublish(Params params) {
    String name = params.string("name");
    if (!files.published().remove(name)) {
      throw new RpcException(RpcException.NOT_FOUND, "nothing is published as '" + name + "'");
    }
    return object().add("name", name).build();
  }

  private JsonValue published() {
    JsonArrayBuilder list = ChainJson.JSON.createArrayBuilder();
    files.published().all().forEach((name, thing) -> list.add(json(name, thing)));
    return object().add("published", list).build();
  }

  private JsonValue request(Params params) {
    PeerId peer = Parse.parse("peer", params.string("peer"), PeerId::parse);
    String name = Parse.recordName(params.string("name"));
    NameRequests.Answer answer;
    try {
      answer = files.requests().ask(peer, name);
    } catch (IOException e) {
      throw new FileMethods.FileFault(e);
    }
    JsonObjectBuilder json = object().add("peer", peer.toString()).add("name", name);
    return switch (answer) {
      case NameRequests.Answer.Nothing _ ->
          throw new RpcException(
              RpcException.NOT_FOUND, peer + " publishes nothing as '" + name + "'");
      case NameRequests.Answer.Value(Bytes bytes) -> {
        json.add("kind", "value")
            .add("value", Base64.getEncoder().encodeToString(bytes.toArrayUnsafe()));
        text(bytes.toArrayUnsafe()).ifPresent(t -> json.add("text", t));
        yield json.build();
      }
      case NameRequests.Answer.Content(Cid cid) ->
          json.add("kind", "file").add("cid", cid.toString()).build();
      case NameRequests.Answer.ChainRecord record ->
          json.add("kind", "record")
              .add("record", ChainJson.record(record.name(), record.entry()))
              .build();
    };
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
