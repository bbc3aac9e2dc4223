package dev.cairn.node.gateway;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.car.CarWriter;
import dev.cairn.files.dag.DagWalk;
import dev.cairn.files.dag.MarkSet;
import dev.cairn.files.unixfs.Entry;
import dev.cairn.files.unixfs.UnixFs;
import dev.cairn.files.unixfs.UnixFsException;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;

/// A CAR of content: first the blocks that a path leads through, then as much of what it leads to
/// as `dag-scope` and `entity-bytes` say (trustless gateway specification, IPIP-402). Each block is
/// sent as it is read, and once. Owner: the thread of the request.
final class CarReply {

  private static final String TYPE = Format.CAR_TYPE + "; version=1; order=dfs; dups=n";

  /// Blocks that are read again, and so not sent: a file of a few blocks may claim to repeat them
  /// for ever, and then nothing is written that would show that the client has gone.
  static final int REPEATS_MAX = 1 << 16;

  private final Visit visit;
  private final GatewayContent.Session session;
  private final BlockSource blocks;
  private final String cacheControl;

  CarReply(Visit visit, GatewayContent.Session session, String cacheControl) {
    this.visit = visit;
    this.session = session;
    this.blocks = session.blocks();
    this.cacheControl = cacheControl;
  }

  private enum Scope {
    BLOCK,
    ENTITY,
    ALL
  }

  void show(Cid root, List<String> segments) throws IOException {
    Optional<String> range = visit.query("entity-bytes");
    Scope scope = range.isPresent() ? Scope.ENTITY : scope();
    range.ifPresent(text -> ByteRange.ofEntity(text, Long.MAX_VALUE));
    visit.cache(cacheControl);
    visit.header("Accept-Ranges", "none");
    visit.disposition(true, Optional.of(root + ".car"));
    String what = scope + "." + range.orElse("") + "." + String.join("/", segments);
    String etag = "\"" + root + ".car." + Integer.toHexString(what.hashCode()) + "." + scope + "\"";
    if (visit.isKnown(etag)) {
      return;
    }
    if (!root.toString().equals("bafkqaaa")) {
      Block _ = blocks.get(root); // what has no root has no CAR: said before the first byte
    }
    visit.stream(200, TYPE, -1, out -> write(out, root, segments, scope, range));
  }

  private Scope scope() {
    return switch (visit.query("dag-scope").orElse("all")) {
      case "block" -> Scope.BLOCK;
      case "entity" -> Scope.ENTITY;
      case "all" -> Scope.ALL;
      default -> throw new GatewayException(400, "dag-scope is block, entity or all");
    };
  }

  private void write(
      OutputStream out, Cid root, List<String> segments, Scope scope, Optional<String> range)
      throws IOException {
    Sending sending = new Sending(new CarWriter(out, List.of(root)));
    UnixFs files = new UnixFs(sending);
    Cid cid = root;
    for (String segment : segments) {
      cid = files.resolve(cid, segment).cid();
    }
    Block _ = sending.get(cid);
    switch (scope) {
      case BLOCK -> {
        // Sent already.
      }
      case ALL -> {
        session.expect(cid);
        DagWalk.walk(sending, cid, block -> {});
      }
      case ENTITY -> entity(sending, cid, range);
    }
  }

  private static void entity(Sending sending, Cid cid, Optional<String> text) throws IOException {
    if (cid.codec() != Cid.RAW && cid.codec() != Cid.DAG_PB) {
      return;
    }
    UnixFs files = new UnixFs(sending);
    Entry entry;
    try {
      entry = files.stat(cid);
    } catch (UnixFsException e) {
      return; // no file or folder: its one block is all of it
    }
    if (entry.kind() == Entry.Kind.DIRECTORY) {
      files.forEach(cid, child -> {});
    } else if (entry.kind() == Entry.Kind.FILE && entry.size() > 0) {
      if (text.isEmpty()) {
        DagWalk.walk(sending, cid, block -> {});
        return;
      }
      Optional<ByteRange> range = ByteRange.ofEntity(text.get(), entry.size());
      if (range.isPresent()) {
        try (InputStream in = files.open(cid, range.get().first(), range.get().length())) {
          long _ = in.transferTo(OutputStream.nullOutputStream());
        }
      }
    }
  }

  /// Sends each block that is read through it.
  private final class Sending implements BlockSource {
    private final CarWriter writer;
    private final MarkSet sent = new MarkSet();
    private int blocksSent;
    private int repeats;

    Sending(CarWriter writer) {
      this.writer = writer;
    }

    @Override
    public Block get(Cid cid) throws IOException {
      Block block = blocks.get(cid);
      if (sent.visit(cid)) {
        if (++blocksSent > DagWalk.BLOCKS_MAX) {
          throw new IOException("a CAR of more than " + DagWalk.BLOCKS_MAX + " blocks");
        }
        writer.put(block);
      } else if (++repeats > REPEATS_MAX) {
        throw new IOException("a range in which blocks repeat over " + REPEATS_MAX + " times");
      }
      return block;
    }

    @Override
    public void prefetch(List<Cid> cids) {
      blocks.prefetch(cids);
    }
  }
}
