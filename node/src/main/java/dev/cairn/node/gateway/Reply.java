package dev.cairn.node.gateway;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.unixfs.Child;
import dev.cairn.files.unixfs.Entry;
import dev.cairn.files.unixfs.UnixFs;
import dev.cairn.files.unixfs.UnixFsException;
import dev.cairn.multiformats.Cid;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// The answer to a request for content whose root is known. Owner: the thread of the request.
final class Reply {

  /// Of the page's markup: part of its ETag, so that a new page is not taken for the old.
  private static final int PAGE_VERSION = 1;

  private static final int COPY_BYTES = 128 << 10;

  /// Codecs whose blocks are shown as they are, with their media types.
  private static final Map<Long, String> PLAIN =
      Map.of(
          Cid.DAG_CBOR,
          "application/vnd.ipld.dag-cbor",
          0x0129L,
          "application/vnd.ipld.dag-json",
          0x0200L,
          "application/json",
          0x51L,
          "application/cbor");

  private final Visit visit;
  private final GatewayContent.Session session;
  private final BlockSource blocks;
  private final String cacheControl;

  /// @param cacheControl how long the path leads to the same content
  Reply(Visit visit, GatewayContent.Session session, String cacheControl) {
    this.visit = visit;
    this.session = session;
    this.blocks = session.blocks();
    this.cacheControl = cacheControl;
  }

  /// @param segments the path below the root
  void show(Cid root, List<String> segments) throws IOException {
    Format format = visit.format();
    if (format.negotiated()) {
      String name = format.kind() == Format.Kind.RAW ? "raw" : "car";
      String query = visit.rawQuery();
      visit.header(
          "Content-Location",
          visit.path().encoded() + (query.isEmpty() ? "?" : query + "&") + "format=" + name);
    }
    visit.header("Vary", "Accept");
    switch (format.kind()) {
      case RAW -> raw(root, segments);
      case CAR -> new CarReply(visit, session, cacheControl).show(root, segments);
      case FILE -> file(root, segments);
    }
  }

  private void raw(Cid root, List<String> segments) throws IOException {
    Cid cid = segments.isEmpty() ? root : walk(root, segments).getLast();
    Block block = blocks.get(cid);
    visit.cache(cacheControl);
    visit.disposition(true, Optional.of(cid + ".bin"));
    if (!visit.isKnown("\"" + cid + ".raw\"")) {
      partly(Format.RAW_TYPE, block.size(), "\"" + cid + ".raw\"", at -> new Slice(block, at));
      blocks.done(block.bytes());
    }
  }

  /// The CIDs that a path leads through, the root first.
  private List<Cid> walk(Cid root, List<String> segments) throws IOException {
    List<Cid> cids = new ArrayList<>();
    cids.add(root);
    UnixFs files = new UnixFs(blocks);
    for (String segment : segments) {
      if (segment.indexOf('/') >= 0) {
        throw new GatewayException(404, "no folder has an entry with a slash in its name");
      }
      cids.add(files.resolve(cids.getLast(), segment).cid());
    }
    return cids;
  }

  private void file(Cid root, List<String> segments) throws IOException {
    List<Cid> cids = walk(root, segments);
    Cid cid = cids.getLast();
    visit.header("X-Ipfs-Path", visit.path().encoded());
    visit.header("X-Ipfs-Roots", cids.stream().map(Cid::toString).collect(Collectors.joining(",")));
    if (cid.codec() != Cid.RAW && cid.codec() != Cid.DAG_PB) {
      plain(cid);
      return;
    }
    Entry entry = new UnixFs(blocks).stat(cid);
    switch (entry.kind()) {
      case FILE -> content(entry, name(segments));
      case SYMLINK -> visit.text(200, entry.target().orElse(""));
      case DIRECTORY -> folder(entry, segments);
    }
  }

  private String name(List<String> segments) {
    return visit.query("filename").orElse(segments.isEmpty() ? "" : segments.getLast());
  }

  private void plain(Cid cid) throws IOException {
    String type =
        Optional.ofNullable(PLAIN.get(cid.codec()))
            .orElseThrow(
                () ->
                    new GatewayException(
                        400,
                        "this gateway does not know the codec of " + cid + "; try format=raw"));
    Block block = blocks.get(cid);
    visit.cache(cacheControl);
    visit.disposition(true, Optional.of(cid + ".bin"));
    if (!visit.isKnown("\"" + cid + "\"")) {
      partly(type, block.size(), "\"" + cid + "\"", at -> new Slice(block, at));
    }
  }

  private void content(Entry entry, String name) throws IOException {
    String etag = "\"" + entry.cid() + "\"";
    visit.cache(cacheControl);
    visit.disposition(false, Optional.empty());
    if (visit.isKnown(etag)) {
      return;
    }
    if (!visit.isHead() && visit.first(HeaderNames.RANGE).isEmpty()) {
      session.expect(entry.cid());
    }
    UnixFs files = new UnixFs(blocks);
    byte[] start = new byte[0];
    if (entry.size() > 0) {
      long first = Math.min(entry.size(), MediaTypes.SNIFFED_BYTES);
      try (InputStream in = files.open(entry.cid(), 0, first)) {
        start = in.readAllBytes();
      }
    }
    String type = MediaTypes.of(name, start);
    if (MediaTypes.isActive(type)) {
      visit.isolate();
    }
    partly(type, entry.size(), etag, at -> files.open(entry.cid(), at.first(), at.length()));
  }

  /// Opens a part of the content.
  @FunctionalInterface
  private interface Part {
    InputStream open(ByteRange range) throws IOException;
  }

  /// A part of a block.
  private static final class Slice extends java.io.ByteArrayInputStream {
    Slice(Block block, ByteRange range) {
      super(block.bytes(), (int) range.first(), (int) range.length());
    }
  }

  /// Sends all of it, or the range that was asked for (RFC 9110, section 14).
  private void partly(String type, long size, String etag, Part part) throws IOException {
    visit.header("Accept-Ranges", "bytes");
    Optional<ByteRange> range = Optional.empty();
    boolean current = visit.first(HeaderNames.IF_RANGE).map(etag::equals).orElse(true);
    if (current && visit.first(HeaderNames.RANGE).isPresent()) {
      try {
        range = ByteRange.of(visit.first(HeaderNames.RANGE).get(), size);
      } catch (GatewayException e) {
        visit.header("Content-Range", "bytes */" + size);
        throw e;
      }
    }
    if (range.isEmpty() && size == 0) {
      visit.send(200, type, new byte[0]);
      return;
    }
    ByteRange sent = range.orElse(new ByteRange(0, size - 1));
    if (range.isPresent()) {
      visit.header("Content-Range", "bytes " + sent.first() + "-" + sent.last() + "/" + size);
    }
    visit.stream(
        range.isPresent() ? 206 : 200,
        type,
        sent.length(),
        out -> {
          byte[] buffer = new byte[(int) Math.min(COPY_BYTES, sent.length())];
          try (InputStream in = part.open(sent)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
              out.write(buffer, 0, n);
            }
          }
        });
  }

  private void folder(Entry entry, List<String> segments) throws IOException {
    if (!visit.path().slash()) {
      visit.cache(cacheControl);
      visit.redirect(visit.path().encoded() + "/" + visit.rawQuery());
      return;
    }
    Optional<Entry> index = index(entry.cid());
    if (index.isPresent()) {
      content(index.get(), "index.html");
      return;
    }
    visit.cache("no-cache");
    visit.lockDown();
    String etag = "\"DirIndex-" + PAGE_VERSION + "_CID-" + entry.cid() + "\"";
    if (!visit.isKnown(etag)) {
      visit.send(
          200, "text/html; charset=utf-8", page(entry, segments).getBytes(StandardCharsets.UTF_8));
    }
  }

  private Optional<Entry> index(Cid folder) throws IOException {
    try {
      return Optional.of(new UnixFs(blocks).resolve(folder, "index.html"))
          .filter(e -> e.kind() == Entry.Kind.FILE);
    } catch (UnixFsException e) {
      return Optional.empty();
    }
  }

  private String page(Entry folder, List<String> segments) throws IOException {
    List<Child> children = new ArrayList<>();
    boolean[] more = new boolean[1];
    long[] chars = new long[1];
    new UnixFs(blocks)
        .forEach(
            folder.cid(),
            child -> {
              chars[0] += child.name().length();
              if (children.size() < ListingPage.ENTRIES_MAX
                  && chars[0] <= ListingPage.NAME_CHARS_MAX) {
                children.add(child);
              } else {
                more[0] = true;
              }
            });
    children.sort(
        Comparator.comparing((Child c) -> c.name().toLowerCase(Locale.ROOT))
            .thenComparing(Child::name));
    List<ListingPage.Entry> entries = children.stream().map(this::entry).toList();
    String title =
        segments.isEmpty() ? visit.path().segments().getLast() : String.join("/", segments);
    return ListingPage.of(title, folder.cid().toString(), !segments.isEmpty(), entries, more[0]);
  }

  /// What the folder itself tells of an entry: looking into each would cost a block apiece. A raw
  /// block is a file, whose size the folder knows exactly; of others it knows the blocks' size.
  private ListingPage.Entry entry(Child child) {
    OptionalLong size =
        child.dagBytes() > 0 ? OptionalLong.of(child.dagBytes()) : OptionalLong.empty();
    return new ListingPage.Entry(child.name(), child.cid().toString(), false, size);
  }
}
