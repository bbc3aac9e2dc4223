package dev.cairn.core.vectors;

import static dev.cairn.core.vectors.VectorFile.bytes;
import static dev.cairn.core.vectors.VectorFile.hex;
import static dev.cairn.core.vectors.VectorFile.object;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.core.Hash;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.simplex.CertificateVerifier;
import dev.cairn.core.light.CertifiedChain;
import dev.cairn.core.peer.TransactionsMessage;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.sync.BlockRequest;
import dev.cairn.core.sync.BlocksRequest;
import dev.cairn.core.sync.HeadersRequest;
import dev.cairn.core.sync.RangeRequest;
import dev.cairn.core.sync.Status;
import dev.cairn.core.sync.SyncEffect;
import dev.cairn.core.sync.SyncInput;
import dev.cairn.core.sync.SyncMachine;
import dev.cairn.core.sync.SyncParams;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborWriter;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/// Statuses, requests, block and transactions messages, and answers to ranges, of a chain that is
/// in the file.
class SyncVectorTest {

  private static final VectorFile FILE = new VectorFile("sync.json");

  private final CertifiedChain chain = new CertifiedChain();

  @Test
  void the_file_is_what_the_program_makes() {
    FILE.check(
        object(
            "toml", chain.spec().toText(),
            "chainId", chain.spec().chainId().toString(),
            "name", chain.spec().shortName(),
            "statuses", object("valid", statuses(), "invalid", badStatuses()),
            "requests", object("valid", requests(), "invalid", badRequests()),
            "blocks", object("valid", blocks(), "invalid", badBlocks()),
            "transactions", object("valid", transactions(), "invalid", badTransactions()),
            "ranges", ranges()));
  }

  private Status status(int height, int finalized) {
    return new Status(
        chain.spec().chainId(),
        chain.block(0).id(),
        height,
        chain.block(height).id(),
        finalized,
        chain.block(finalized).id());
  }

  private List<Object> statuses() {
    return List.of(status(status(0, 0)), status(status(6, 6)), status(status(6, 4)));
  }

  private static Object status(Status status) {
    return object(
        "chainId", status.chainId().toString(),
        "genesis", status.genesis().toString(),
        "height", status.height(),
        "head", status.head().toString(),
        "finalizedHeight", status.finalizedHeight(),
        "finalized", status.finalized().toString(),
        "encoded", hex(status.encode()));
  }

  private List<Object> badStatuses() {
    Cid raw = Cid.hash(Cid.RAW, new byte[] {1});
    byte[] id = chain.spec().chainId().bytes();
    Cid block = chain.block(0).id();
    return List.of(
        bad(w -> fields(w.array(7).uint(2).bytes(id), block, 1, block, 1), "another version"),
        bad(w -> fields(w.array(7).uint(1).bytes(id), block, 1, block, 2), "final above its head"),
        bad(w -> fields(w.array(7).uint(1).bytes(new byte[31]), block, 1, block, 1), "a short id"),
        bad(w -> fields(w.array(7).uint(1).bytes(id), raw, 1, block, 1), "not a block's link"),
        bad(w -> fields(w.array(7).uint(1).bytes(id), block, 1, raw, 1), "not a block's link"),
        bad(w -> w.array(6).uint(1).bytes(id).link(block).uint(1).link(block).uint(1), "six items"),
        bad(Bytes.concatenate(Bytes.wrap(status(0, 0).encode()), Bytes.of(0)), "a byte too many"));
  }

  private static void fields(CborWriter w, Cid genesis, long height, Cid head, long last) {
    w.link(genesis).uint(height).link(head).uint(last).link(genesis);
  }

  private static Object bad(Consumer<CborWriter> content, String why) {
    CborWriter writer = new CborWriter();
    content.accept(writer);
    return bad(Bytes.wrap(writer.toBytes()), why);
  }

  private static Object bad(Bytes encoded, String why) {
    return object("encoded", hex(encoded), "why", why);
  }

  private List<Object> requests() {
    List<Object> all = new ArrayList<>();
    for (RangeRequest range :
        List.of(
            new RangeRequest(1, 1),
            new RangeRequest(7, 64),
            new RangeRequest(70_000, 24),
            new RangeRequest(Long.MAX_VALUE - 64, 64))) {
      all.add(
          object(
              "from", Long.toString(range.from()),
              "count", range.count(),
              "encoded", hex(range.encode())));
    }
    Cid block = chain.block(3).id();
    all.add(object("block", block.toString(), "encoded", hex(new BlockRequest(block).encode())));
    HeadersRequest headers = new HeadersRequest(300, HeadersRequest.COUNT_MAX);
    all.add(
        object(
            "headersFrom", Long.toString(headers.from()),
            "count", headers.count(),
            "encoded", hex(headers.encode())));
    return all;
  }

  private List<Object> badRequests() {
    Cid raw = Cid.hash(Cid.RAW, new byte[] {1});
    return List.of(
        bad(w -> w.array(3).uint(1).uint(0).uint(1), "the genesis block"),
        bad(w -> w.array(3).uint(1).uint(1).uint(0), "no block"),
        bad(w -> w.array(3).uint(1).uint(1).uint(65), "too many blocks"),
        bad(w -> w.array(2).uint(1).uint(1), "no count"),
        bad(w -> w.array(3).uint(4).uint(1).uint(1), "an unknown kind"),
        bad(w -> w.array(3).uint(3).uint(1).uint(513), "too many headers"),
        bad(w -> w.array(3).uint(3).uint(0).uint(1), "the genesis header"),
        bad(w -> w.array(2).uint(2).link(raw), "not a block's link"),
        bad(w -> w.array(2).uint(2).bytes(new byte[36]), "bytes in place of a link"),
        bad(
            Bytes.concatenate(Bytes.wrap(new RangeRequest(1, 1).encode()), Bytes.of(0)),
            "a byte too many"));
  }

  private BlockMessage message(int height, boolean certified) {
    return new BlockMessage(
        chain.block(height), certified ? chain.certificate(height) : Bytes.EMPTY);
  }

  private List<Object> blocks() {
    return List.of(
        block(message(CertifiedChain.FULL, true)),
        block(message(CertifiedChain.FULL, false)),
        block(message(1, true)));
  }

  private static Object block(BlockMessage message) {
    return object(
        "block", message.block().id().toString(),
        "header", hex(message.block().headerBytes()),
        "body", hex(message.block().bodyBytes()),
        "beside", message.sealed() ? hex(message.seal()) : VectorFile.Null.NULL,
        "encoded", hex(message.encode()));
  }

  private List<Object> badBlocks() {
    byte[] header = chain.block(1).headerBytes().toArray();
    byte[] body = chain.block(1).bodyBytes().toArray();
    byte[] other = chain.block(CertifiedChain.FULL).bodyBytes().toArray();
    byte[] good = message(1, false).encode();
    return List.of(
        bad(w -> w.array(2).array(2).raw(header).raw(other).nul(), "another block's body"),
        bad(w -> w.array(2).array(2).raw(body).raw(body).nul(), "no header"),
        bad(w -> w.array(1).array(2).raw(header).raw(body), "nothing beside it, not even null"),
        bad(w -> w.array(3).array(2).raw(header).raw(body).nul().nul(), "three items"),
        bad(w -> w.array(2).array(1).raw(header).nul(), "no body"),
        bad(Bytes.concatenate(Bytes.wrap(good), Bytes.of(0)), "a byte too many"));
  }

  private List<Object> transactions() {
    return List.of(
        transactions(chain.transactions()), transactions(chain.transactions().subList(0, 1)));
  }

  private static Object transactions(List<Transaction> transactions) {
    return object(
        "transactions", transactions.stream().<Object>map(t -> t.id().toString()).toList(),
        "encoded", hex(TransactionsMessage.encode(transactions)));
  }

  private List<Object> badTransactions() {
    byte[] first = chain.transactions().getFirst().encoded().toArray();
    byte[] header = chain.block(1).headerBytes().toArray();
    return List.of(
        bad(w -> w.array(0), "an empty list"),
        bad(w -> w.raw(first), "a transaction that is in no list"),
        bad(w -> w.array(2).raw(first).raw(header), "a header among them"),
        bad(w -> w.array(1).raw(first).uint(0), "an item too many"));
  }

  private List<Object> ranges() {
    BlockMessage first = message(1, false);
    BlockMessage second = message(2, true);
    BlockMessage third = message(3, true);
    BlockMessage forged = new BlockMessage(chain.block(3), chain.certificate(2));
    Bytes few = chain.certificate(6, 1, List.of(0));
    return List.of(
        range(1, 3, "", message(1, true), second, third),
        range(1, 3, "", first, message(2, false), third),
        range(1, 64, "", first, second),
        range(4, 3, "", message(4, false), message(5, true), message(6, true)),
        range(1, 3, "nothing of what it claims"),
        range(1, 3, "the last has no certificate", first, second, message(3, false)),
        range(1, 3, "a gap", first, third),
        range(1, 3, "another height than was asked for", second, third),
        range(1, 2, "more than was asked for", first, second, third),
        range(1, 3, "another block's certificate", first, second, forged),
        range(1, 3, "a bad certificate before a good one", forge(1), second, third),
        range(6, 1, "stake below the quorum", new BlockMessage(chain.block(6), few)));
  }

  private BlockMessage forge(int height) {
    return new BlockMessage(chain.block(height), chain.certificate(height + 1));
  }

  private static Object range(long from, int count, String why, BlockMessage... answer) {
    List<Object> messages = new ArrayList<>();
    for (BlockMessage message : answer) {
      messages.add(hex(message.encode()));
    }
    return object(
        "from", from, "count", count, "answer", messages, "valid", why.isEmpty(), "why", why);
  }

  private static List<JsonObject> part(JsonObject file, String name, String kind) {
    return file.getJsonObject(name).getJsonArray(kind).getValuesAs(JsonObject.class);
  }

  private static void refused(JsonObject file, String name, Consumer<byte[]> decoder) {
    for (JsonObject v : part(file, name, "invalid")) {
      byte[] encoded = bytes(v, "encoded");
      assertThrows(
          MalformedException.class,
          () -> decoder.accept(encoded),
          name + ": " + v.getString("why"));
    }
  }

  @Test
  void statuses_and_requests_are_read_again_and_bad_ones_refused() {
    JsonObject file = FILE.read();
    for (JsonObject v : part(file, "statuses", "valid")) {
      Status status = Status.decode(bytes(v, "encoded"));
      assertEquals(Hash.parse(v.getString("chainId")), status.chainId());
      assertEquals(v.getInt("height"), status.height());
      assertEquals(v.getString("finalized"), status.finalized().toString());
      assertEquals(v.getString("encoded"), hex(status.encode()));
    }
    refused(file, "statuses", Status::decode);
    for (JsonObject v : part(file, "requests", "valid")) {
      switch (BlocksRequest.decode(bytes(v, "encoded"))) {
        case RangeRequest(long from, int count) -> {
          assertEquals(v.getString("from"), Long.toString(from));
          assertEquals(v.getInt("count"), count);
        }
        case HeadersRequest(long from, int count) -> {
          assertEquals(v.getString("headersFrom"), Long.toString(from));
          assertEquals(v.getInt("count"), count);
        }
        case BlockRequest(Cid block) -> assertEquals(v.getString("block"), block.toString());
      }
    }
    refused(file, "requests", BlocksRequest::decode);
  }

  @Test
  void blocks_and_transactions_are_read_again_and_bad_ones_refused() {
    JsonObject file = FILE.read();
    for (JsonObject v : part(file, "blocks", "valid")) {
      BlockMessage message = BlockMessage.decode(bytes(v, "encoded"));
      assertEquals(v.getString("block"), message.block().id().toString());
      assertEquals(!v.isNull("beside"), message.sealed());
      assertEquals(v.getString("encoded"), hex(message.encode()));
    }
    refused(file, "blocks", BlockMessage::decode);
    for (JsonObject v : part(file, "transactions", "valid")) {
      List<String> ids =
          TransactionsMessage.decode(bytes(v, "encoded")).stream()
              .map(t -> t.id().toString())
              .toList();
      assertEquals(v.getJsonArray("transactions").getValuesAs(JsonString::getString), ids);
    }
    refused(file, "transactions", TransactionsMessage::decode);
  }

  @Test
  void an_answer_to_a_range_is_taken_whole_or_not_at_all() {
    JsonObject file = FILE.read();
    ChainSpec spec = ChainSpec.parse(file.getString("toml"));
    for (JsonObject v : FILE.list("ranges")) {
      List<BlockMessage> answer =
          v.getJsonArray("answer").getValuesAs(JsonString.class).stream()
              .map(m -> BlockMessage.decode(Hex.decode(m.getString())))
              .toList();
      SyncEffect effect = effect(spec, v.getInt("from"), v.getInt("count"), answer);
      assertEquals(v.getBoolean("valid"), effect instanceof SyncEffect.Deliver, v.getString("why"));
      assertEquals(
          !v.getBoolean("valid"), effect instanceof SyncEffect.Penalize, v.getString("why"));
    }
  }

  /// What a peer that lacks the range does first with an answer to it.
  private SyncEffect effect(ChainSpec spec, int from, int count, List<BlockMessage> answer) {
    Duration time = Duration.ofSeconds(1);
    SyncParams params =
        new SyncParams(count, 1, 64, 64L << 20, time, time, time, time, Duration.ZERO);
    SyncMachine sync =
        new SyncMachine(from - 1, chain.block(from - 1).id(), CertificateVerifier.of(spec), params);
    List<SyncEffect> effects = new ArrayList<>();
    Now now = new Now(0, 0);
    sync.step(new SyncInput.PeerHeight("peer", from + count - 1), now, effects::add);
    SyncEffect.Request request = assertInstanceOf(SyncEffect.Request.class, effects.removeFirst());
    assertEquals(new RangeRequest(from, count), request.range());
    sync.step(new SyncInput.Blocks(request.requestId(), "peer", answer), now, effects::add);
    return effects.getFirst();
  }
}
