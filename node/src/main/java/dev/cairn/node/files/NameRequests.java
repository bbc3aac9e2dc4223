package dev.cairn.node.files;

import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.Requests;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.node.files.Published.Thing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.tuweni.bytes.Bytes;

/// `/cairn/request/1` (spec/share.md): a peer is asked for what it publishes under a name, and
/// answers alone. `status` is there on every node.
public final class NameRequests implements AutoCloseable {

  public static final String PROTOCOL = "/cairn/request/1";

  /// The name under which every node tells how it is, as JSON.
  public static final String STATUS = "status";

  private static final Requests.Limits LIMITS =
      new Requests.Limits(
          256, Published.VALUE_BYTES_MAX + 1_024, Duration.ofSeconds(10), new StreamLimits(4, 64));

  private static final int RECORD_BYTES_MAX = Published.VALUE_BYTES_MAX;

  /// What a peer says.
  public sealed interface Answer {

    /// It publishes nothing under that name.
    record Nothing() implements Answer {}

    record Value(Bytes bytes) implements Answer {}

    /// A file or folder, to be fetched by its CID.
    record Content(Cid cid) implements Answer {}

    /// A record of the chain, as that peer's final state has it: not proved.
    record ChainRecord(String name, RecordEntry entry) implements Answer {}
  }

  private final Host host;
  private final Published published;
  private final Supplier<String> status;
  private final Function<Thing.ChainRecord, Optional<RecordEntry>> records;

  /// Answers from now on.
  ///
  /// @param status makes the JSON of `status`
  /// @param records looks a record up in the final state
  NameRequests(
      Host host,
      Published published,
      Supplier<String> status,
      Function<Thing.ChainRecord, Optional<RecordEntry>> records) {
    this.host = host;
    this.published = published;
    this.status = status;
    this.records = records;
    Requests.on(host, PROTOCOL, LIMITS, (peer, request) -> answer(request));
  }

  private byte[] answer(byte[] request) {
    CborReader reader = new CborReader(request);
    reader.array(1);
    String name = RecordEntry.checkName(reader.text(RecordEntry.NAME_BYTES_MAX));
    reader.end();
    if (name.equals(STATUS)) {
      return value(status.get().getBytes(StandardCharsets.UTF_8));
    }
    Optional<Thing> thing = published.get(name);
    if (thing.isEmpty()) {
      return new CborWriter().array(1).uint(0).toBytes();
    }
    return switch (thing.get()) {
      case Thing.Value(Bytes bytes) -> value(bytes.toArrayUnsafe());
      case Thing.Content(Cid cid) -> new CborWriter().array(2).uint(2).link(cid).toBytes();
      case Thing.ChainRecord record ->
          records
              .apply(record)
              .map(
                  entry ->
                      new CborWriter()
                          .array(3)
                          .uint(3)
                          .text(record.name())
                          .bytes(entry.encode().toArrayUnsafe())
                          .toBytes())
              .orElseGet(() -> new CborWriter().array(1).uint(0).toBytes());
    };
  }

  private static byte[] value(byte[] bytes) {
    return new CborWriter().array(2).uint(1).bytes(bytes).toBytes();
  }

  /// Asks a peer.
  ///
  /// @throws IOException when it cannot be reached or gives no good answer
  /// @throws MalformedException when the name is none
  public Answer ask(PeerId peer, String name) throws IOException {
    byte[] request = new CborWriter().array(1).text(RecordEntry.checkName(name)).toBytes();
    host.connect(peer, List.of());
    byte[] answer = Requests.ask(host, peer, PROTOCOL, LIMITS, request);
    try {
      return decode(answer);
    } catch (MalformedException e) {
      throw new IOException(peer + " gives an answer that is none: " + e.getMessage(), e);
    }
  }

  static Answer decode(byte[] encoded) {
    CborReader reader = new CborReader(encoded);
    int items = reader.array();
    long kind = reader.uint(3);
    if (items != (kind == 0 ? 1 : kind == 3 ? 3 : 2)) {
      throw new MalformedException("answer " + kind + " with " + items + " items");
    }
    Answer answer =
        switch ((int) kind) {
          case 0 -> new Answer.Nothing();
          case 1 -> new Answer.Value(Bytes.wrap(reader.bytes(Published.VALUE_BYTES_MAX)));
          case 2 -> new Answer.Content(reader.link());
          default ->
              new Answer.ChainRecord(
                  RecordEntry.checkName(reader.text(RecordEntry.NAME_BYTES_MAX)),
                  RecordEntry.decode(Bytes.wrap(reader.bytes(RECORD_BYTES_MAX))));
        };
    reader.end();
    return answer;
  }

  /// The value behind a record, for whoever shows it.
  static Optional<Cid> link(RecordEntry entry) {
    return entry
        .value()
        .flatMap(v -> v instanceof RecordValue.Link(Cid cid) ? Optional.of(cid) : Optional.empty());
  }

  @Override
  public void close() {
    host.unhandle(PROTOCOL);
  }
}
