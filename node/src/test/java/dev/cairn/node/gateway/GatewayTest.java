package dev.cairn.node.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.block.MemoryBlocks;
import dev.cairn.files.car.CarReader;
import dev.cairn.files.unixfs.Importer;
import dev.cairn.files.unixfs.Profile;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.node.rpc.HttpApi;
import dev.cairn.node.rpc.HttpGuard;
import dev.cairn.node.rpc.JsonRpc;
import dev.cairn.node.rpc.RpcParams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The gateway over real HTTP.
@Timeout(120)
class GatewayTest {

  /// Small chunks, so that a small file has a tree.
  private static final Profile SMALL =
      new Profile("small", 1, true, 1_000, 4, 256, 256 << 10, Profile.Estimate.BLOCK_BYTES);

  @TempDir Path folder;
  private final MemoryBlocks blocks = new MemoryBlocks();
  private HttpApi http;
  private GatewayContent content = network -> session(BlockSource.of(blocks));

  private static GatewayContent.Session session(BlockSource source) {
    return new GatewayContent.Session() {
      @Override
      public BlockSource blocks() {
        return source;
      }

      @Override
      public void close() {}
    };
  }

  @BeforeEach
  void start() throws IOException {
    start(GatewayParams.STANDARD);
  }

  private void start(GatewayParams params) throws IOException {
    Names names =
        (owner, name, version) -> {
          if (!owner.equals("alice")) {
            throw new MalformedException("no address");
          }
          return switch (name) {
            case "a/b" ->
                Optional.of(new Names.Named.Value(Bytes.wrap("hello".getBytes(UTF_8)), 3));
            case "site" -> Optional.of(new Names.Named.Link(site(), Math.max(1, version)));
            default -> Optional.empty();
          };
        };
    http =
        HttpApi.start(
            RpcParams.at("127.0.0.1", 0),
            HttpGuard.loopback(),
            new JsonRpc(Map.of()),
            new HttpApi.Pages(Optional::empty, () -> ""),
            List.of(new Gateway(n -> content.open(n), names, params)));
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private Cid add(byte[] content) throws IOException {
    return new Importer(SMALL, blocks).add(new ByteArrayInputStream(content)).cid();
  }

  private Cid site() {
    try {
      Path site = Files.createDirectories(folder.resolve("site"));
      Files.writeString(site.resolve("index.html"), "<!doctype html><h1>Hi</h1>");
      Path docs = Files.createDirectories(site.resolve("docs"));
      Files.writeString(docs.resolve("a & b.txt"), "some text\n");
      Files.writeString(docs.resolve("<img src=x onerror=alert(1)>"), "bad name\n");
      Files.write(docs.resolve("big.bin"), bytes(10_000));
      return new Importer(SMALL, blocks).addPath(site).cid();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private PlainHttp send(String method, String path, String... headers) throws IOException {
    return PlainHttp.send(http.port(), method, path, new byte[0], headers);
  }

  private PlainHttp get(String path, String... headers) throws IOException {
    return send("GET", path, headers);
  }

  private static List<Cid> car(byte[] body) throws IOException {
    CarReader reader = new CarReader(new ByteArrayInputStream(body));
    List<Cid> cids = new ArrayList<>();
    for (Optional<Block> next = reader.next(); next.isPresent(); next = reader.next()) {
      cids.add(next.get().cid());
    }
    return cids;
  }

  @Test
  void a_file_comes_whole_with_what_caches_need() throws Exception {
    byte[] wanted = bytes(50_000);
    Cid cid = add(wanted);
    PlainHttp got = get("/ipfs/" + cid);
    assertEquals(200, got.status());
    assertArrayEquals(wanted, got.body());
    assertEquals("application/octet-stream", got.header("content-type"));
    assertEquals("50000", got.header("content-length"));
    assertEquals("\"" + cid + "\"", got.header("etag"));
    assertEquals(Visit.IMMUTABLE, got.header("cache-control"));
    assertEquals("nosniff", got.header("x-content-type-options"));
    assertEquals("bytes", got.header("accept-ranges"));
    assertEquals("/ipfs/" + cid, got.header("x-ipfs-path"));
    assertEquals(cid.toString(), got.header("x-ipfs-roots"));
  }

  @Test
  void head_says_the_same_without_the_content() throws Exception {
    Cid cid = add(bytes(50_000));
    PlainHttp head = send("HEAD", "/ipfs/" + cid);
    assertEquals(200, head.status());
    assertEquals("50000", head.header("content-length"));
    assertEquals(0, head.body().length);
  }

  @Test
  void a_range_is_a_part() throws Exception {
    byte[] wanted = bytes(50_000);
    Cid cid = add(wanted);
    PlainHttp part = get("/ipfs/" + cid, "Range", "bytes=1990-2009");
    assertEquals(206, part.status());
    assertEquals("bytes 1990-2009/50000", part.header("content-range"));
    assertArrayEquals(java.util.Arrays.copyOfRange(wanted, 1990, 2010), part.body());
    PlainHttp tail = get("/ipfs/" + cid, "Range", "bytes=-10");
    assertArrayEquals(java.util.Arrays.copyOfRange(wanted, 49_990, 50_000), tail.body());
    PlainHttp beyond = get("/ipfs/" + cid, "Range", "bytes=50000-");
    assertEquals(416, beyond.status());
    assertEquals("bytes */50000", beyond.header("content-range"));
    assertEquals(200, get("/ipfs/" + cid, "Range", "bytes=0-1,5-6").status());
    assertEquals(200, get("/ipfs/" + cid, "Range", "bytes=0-1", "If-Range", "\"other\"").status());
    assertEquals(
        206, get("/ipfs/" + cid, "Range", "bytes=0-1", "If-Range", "\"" + cid + "\"").status());
  }

  @Test
  void an_empty_file_is_a_file() throws Exception {
    Cid cid = add(new byte[0]);
    PlainHttp got = get("/ipfs/" + cid);
    assertEquals(200, got.status());
    assertEquals(0, got.body().length);
    assertEquals(416, get("/ipfs/" + cid, "Range", "bytes=0-").status());
  }

  @Test
  void what_the_client_has_is_not_sent_again() throws Exception {
    Cid cid = add(bytes(10));
    assertEquals(304, get("/ipfs/" + cid, "If-None-Match", "\"" + cid + "\"").status());
    assertEquals(304, get("/ipfs/" + cid, "If-None-Match", "\"x\", W/\"" + cid + "\"").status());
    assertEquals(304, get("/ipfs/" + cid, "If-None-Match", "*").status());
    assertEquals(200, get("/ipfs/" + cid, "If-None-Match", "\"x\"").status());
    assertEquals(
        200, get("/ipfs/" + cid + "?format=raw", "If-None-Match", "\"" + cid + "\"").status());
  }

  @Test
  void a_block_comes_raw() throws Exception {
    byte[] wanted = bytes(500);
    Cid cid = add(wanted);
    PlainHttp negotiated = get("/ipfs/" + cid, "Accept", "application/vnd.ipld.raw");
    for (PlainHttp got : List.of(get("/ipfs/" + cid + "?format=raw"), negotiated)) {
      assertEquals(200, got.status());
      assertArrayEquals(wanted, got.body());
      assertEquals("application/vnd.ipld.raw", got.header("content-type"));
      assertTrue(got.header("content-disposition").contains(cid + ".bin"));
    }
    assertEquals("/ipfs/" + cid + "?format=raw", negotiated.header("content-location"));
  }

  @Test
  void a_car_has_every_block_once_and_its_root_first() throws Exception {
    Cid cid = add(bytes(20_000));
    PlainHttp got = get("/ipfs/" + cid + "?format=car");
    assertEquals(200, got.status());
    assertEquals(
        "application/vnd.ipld.car; version=1; order=dfs; dups=n", got.header("content-type"));
    List<Cid> cids = car(got.body());
    assertEquals(cid, cids.getFirst());
    assertEquals(cids.size(), cids.stream().distinct().count());
    assertTrue(cids.size() > 20, cids.size() + " blocks");
    assertEquals(List.of(cid), car(get("/ipfs/" + cid + "?format=car&dag-scope=block").body()));
    assertEquals(
        cids.size(), car(get("/ipfs/" + cid + "?format=car&dag-scope=entity").body()).size());
  }

  @Test
  void entity_bytes_bring_the_blocks_of_a_range() throws Exception {
    Cid cid = add(bytes(20_000));
    List<Cid> part = car(get("/ipfs/" + cid + "?format=car&entity-bytes=5000:5001").body());
    assertEquals(cid, part.getFirst());
    assertTrue(part.size() >= 2 && part.size() <= 4, part.size() + " blocks");
    assertEquals(
        List.of(cid), car(get("/ipfs/" + cid + "?format=car&entity-bytes=90000:*").body()));
    assertEquals(400, get("/ipfs/" + cid + "?format=car&entity-bytes=x").status());
    assertEquals(400, get("/ipfs/" + cid + "?format=car&dag-scope=some").status());
  }

  @Test
  void a_car_of_a_path_proves_the_path() throws Exception {
    Cid root = site();
    List<Cid> entity = car(get("/ipfs/" + root + "/docs?format=car&dag-scope=block").body());
    assertEquals(root, entity.getFirst());
    assertEquals(2, entity.size());
    List<Cid> folderOnly = car(get("/ipfs/" + root + "/docs?format=car&dag-scope=entity").body());
    assertEquals(2, folderOnly.size(), "a folder's entries are not part of it");
    assertTrue(car(get("/ipfs/" + root + "/docs?format=car").body()).size() > 10);
  }

  @Test
  void a_folder_is_its_index_or_a_page() throws Exception {
    Cid root = site();
    PlainHttp bare = get("/ipfs/" + root + "?x=1");
    assertEquals(301, bare.status());
    assertEquals("/ipfs/" + root + "/?x=1", bare.header("location"));
    PlainHttp index = get("/ipfs/" + root + "/");
    assertEquals("<!doctype html><h1>Hi</h1>", new String(index.body(), UTF_8));
    assertTrue(index.header("content-security-policy").startsWith("sandbox"));
    PlainHttp page = get("/ipfs/" + root + "/docs/");
    String html = new String(page.body(), UTF_8);
    assertEquals("text/html; charset=utf-8", page.header("content-type"));
    assertTrue(page.header("content-security-policy").contains("default-src 'none'"));
    assertTrue(page.header("etag").contains("DirIndex"));
    assertTrue(html.contains("href=\"./a%20%26%20b.txt\""));
    assertTrue(html.contains("a &amp; b.txt"));
    assertFalse(html.contains("<img"));
    PlainHttp text = get("/ipfs/" + root + "/docs/a%20%26%20b.txt");
    assertEquals("some text\n", new String(text.body(), UTF_8));
    assertEquals("text/plain; charset=utf-8", text.header("content-type"));
    assertEquals(3, text.header("x-ipfs-roots").split(",").length);
  }

  @Test
  void what_is_not_there_is_not_found() throws Exception {
    Cid root = site();
    assertEquals(404, get("/ipfs/" + root + "/nothing").status());
    assertEquals(404, get("/ipfs/" + root + "/index.html/deeper").status());
    assertEquals(404, get("/ipfs/" + root + "/docs%2Fbig.bin").status());
    assertEquals(400, get("/ipfs/nonsense").status());
    assertEquals(400, get("/ipfs/" + root + "/%2e%2e/x").status());
    Cid missing = Cid.hash(Cid.RAW, "missing".getBytes(UTF_8));
    assertEquals(504, get("/ipfs/" + missing).status());
    assertEquals(504, get("/ipfs/" + missing + "?format=car").status());
    assertEquals(412, get("/ipfs/" + missing, "Cache-Control", "only-if-cached").status());
    assertEquals("no-store", get("/ipfs/" + missing).header("cache-control"));
  }

  @Test
  void a_foreign_page_that_embeds_content_makes_nobody_fetch_it() throws Exception {
    List<Boolean> asked = new ArrayList<>();
    content =
        network -> {
          asked.add(network);
          return session(BlockSource.of(blocks));
        };
    Cid cid = add(bytes(10));
    get("/ipfs/" + cid, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "no-cors");
    get("/ipfs/" + cid, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate");
    get("/ipfs/" + cid);
    assertEquals(List.of(false, true, true), asked);
  }

  @Test
  void a_record_leads_to_its_content() throws Exception {
    PlainHttp value = get("/names/alice/a%2Fb");
    assertEquals("hello", new String(value.body(), UTF_8));
    assertEquals("no-cache", value.header("cache-control"));
    assertEquals("3", value.header("x-cairn-version"));
    PlainHttp file = get("/names/alice/site/docs/big.bin?version=2");
    assertArrayEquals(bytes(10_000), file.body());
    assertEquals("2", file.header("x-cairn-version"));
    assertEquals(404, get("/names/alice/none").status());
    assertEquals(404, get("/names/alice/a%2Fb/more").status());
    assertEquals(400, get("/names/bob/site").status());
    assertEquals(400, get("/names/alice/site?version=x").status());
    assertEquals(404, get("/names/alice").status());
  }

  @Test
  void the_probe_of_a_trustless_gateway_is_answered() throws Exception {
    PlainHttp raw = get("/ipfs/bafkqaaa?format=raw");
    assertEquals(200, raw.status());
    assertEquals(0, raw.body().length);
    assertEquals(200, send("HEAD", "/ipfs/bafkqaaa?format=raw").status());
    PlainHttp car = get("/ipfs/bafkqaaa?format=car");
    assertEquals(200, car.status());
    assertEquals(List.of(), car(car.body()));
  }

  @Test
  void the_gateway_is_read_only_and_keeps_the_host_rule() throws Exception {
    Cid cid = add(bytes(10));
    assertEquals(405, send("PUT", "/ipfs/" + cid).status());
    assertEquals(403, get("/ipfs/" + cid, "Origin", "http://evil.example").status());
    assertEquals(400, get("/ipfs/" + cid, "Service-Worker", "script").status());
    assertEquals(403, get("/ipfs/" + cid, "Host", "evil.example").status());
  }

  @Test
  void an_answer_that_is_cut_off_is_not_taken_for_a_whole_one() throws Exception {
    Cid cid = add(bytes(2_000_000));
    int[] left = {400};
    content =
        network ->
            session(
                wanted -> {
                  if (left[0]-- <= 0) {
                    throw new IOException("gone");
                  }
                  return BlockSource.of(blocks).get(wanted);
                });
    PlainHttp got = get("/ipfs/" + cid + "?format=car");
    assertEquals(200, got.status(), "it had begun");
    assertFalse(got.whole());
  }

  @Test
  void one_request_too_many_is_told_to_come_again() throws Exception {
    http.close();
    start(new GatewayParams(1));
    Cid cid = add(bytes(10));
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    content =
        network ->
            session(
                wanted -> {
                  entered.countDown();
                  try {
                    leave.await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                  return BlockSource.of(blocks).get(wanted);
                });
    Thread first =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    get("/ipfs/" + cid);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    entered.await();
    PlainHttp second = get("/ipfs/" + cid);
    assertEquals(503, second.status());
    assertEquals("2", second.header("retry-after"));
    leave.countDown();
    first.join();
    assertEquals(200, get("/ipfs/" + cid).status());
  }
}
