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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpApi http;
  private GatewayContent content = network -> session(BlockSource.of(blocks));

  private static GatewayContent.Session session(BlockSource source) {
    return new GatewayContent.Session() {
      @Override
      public BlockSource blocks() {
        return source;
      }

      @Override
      public void close() {
        // Nothing to free.
      }
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
            case "a/b" -> Optional.of(new Names.Named.Value(Bytes.wrap("hello".getBytes(UTF_8)), 3));
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
    client.close();
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

  private HttpResponse<byte[]> send(String method, String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http.port() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> get(String path, String... headers)
      throws IOException, InterruptedException {
    return send("GET", path, headers);
  }

  private static String header(HttpResponse<byte[]> response, String name) {
    return response.headers().firstValue(name).orElse("");
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
    HttpResponse<byte[]> got = get("/ipfs/" + cid);
    assertEquals(200, got.statusCode());
    assertArrayEquals(wanted, got.body());
    assertEquals("application/octet-stream", header(got, "content-type"));
    assertEquals("50000", header(got, "content-length"));
    assertEquals("\"" + cid + "\"", header(got, "etag"));
    assertEquals(Visit.IMMUTABLE, header(got, "cache-control"));
    assertEquals("nosniff", header(got, "x-content-type-options"));
    assertEquals("bytes", header(got, "accept-ranges"));
    assertEquals("/ipfs/" + cid, header(got, "x-ipfs-path"));
    assertEquals(cid.toString(), header(got, "x-ipfs-roots"));
  }

  @Test
  void head_says_the_same_without_the_content() throws Exception {
    Cid cid = add(bytes(50_000));
    HttpResponse<byte[]> head = send("HEAD", "/ipfs/" + cid);
    assertEquals(200, head.statusCode());
    assertEquals("50000", header(head, "content-length"));
    assertEquals(0, head.body().length);
  }

  @Test
  void a_range_is_a_part() throws Exception {
    byte[] wanted = bytes(50_000);
    Cid cid = add(wanted);
    HttpResponse<byte[]> part = get("/ipfs/" + cid, "Range", "bytes=1990-2009");
    assertEquals(206, part.statusCode());
    assertEquals("bytes 1990-2009/50000", header(part, "content-range"));
    assertArrayEquals(java.util.Arrays.copyOfRange(wanted, 1990, 2010), part.body());
    HttpResponse<byte[]> tail = get("/ipfs/" + cid, "Range", "bytes=-10");
    assertArrayEquals(java.util.Arrays.copyOfRange(wanted, 49_990, 50_000), tail.body());
    HttpResponse<byte[]> beyond = get("/ipfs/" + cid, "Range", "bytes=50000-");
    assertEquals(416, beyond.statusCode());
    assertEquals("bytes */50000", header(beyond, "content-range"));
    assertEquals(200, get("/ipfs/" + cid, "Range", "bytes=0-1,5-6").statusCode());
    assertEquals(
        200, get("/ipfs/" + cid, "Range", "bytes=0-1", "If-Range", "\"other\"").statusCode());
    assertEquals(
        206,
        get("/ipfs/" + cid, "Range", "bytes=0-1", "If-Range", "\"" + cid + "\"").statusCode());
  }

  @Test
  void an_empty_file_is_a_file() throws Exception {
    Cid cid = add(new byte[0]);
    HttpResponse<byte[]> got = get("/ipfs/" + cid);
    assertEquals(200, got.statusCode());
    assertEquals(0, got.body().length);
    assertEquals(416, get("/ipfs/" + cid, "Range", "bytes=0-").statusCode());
  }

  @Test
  void what_the_client_has_is_not_sent_again() throws Exception {
    Cid cid = add(bytes(10));
    assertEquals(304, get("/ipfs/" + cid, "If-None-Match", "\"" + cid + "\"").statusCode());
    assertEquals(
        304, get("/ipfs/" + cid, "If-None-Match", "\"x\", W/\"" + cid + "\"").statusCode());
    assertEquals(304, get("/ipfs/" + cid, "If-None-Match", "*").statusCode());
    assertEquals(200, get("/ipfs/" + cid, "If-None-Match", "\"x\"").statusCode());
    assertEquals(
        200, get("/ipfs/" + cid + "?format=raw", "If-None-Match", "\"" + cid + "\"").statusCode());
  }

  @Test
  void a_block_comes_raw() throws Exception {
    byte[] wanted = bytes(500);
    Cid cid = add(wanted);
    for (HttpResponse<byte[]> got :
        List.of(
            get("/ipfs/" + cid + "?format=raw"),
            get("/ipfs/" + cid, "Accept", "application/vnd.ipld.raw"))) {
      assertEquals(200, got.statusCode());
      assertArrayEquals(wanted, got.body());
      assertEquals("application/vnd.ipld.raw", header(got, "content-type"));
      assertTrue(header(got, "content-disposition").contains(cid + ".bin"));
    }
    assertEquals(
        "/ipfs/" + cid + "?format=raw",
        header(get("/ipfs/" + cid, "Accept", "application/vnd.ipld.raw"), "content-location"));
  }

  @Test
  void a_car_has_every_block_once_and_its_root_first() throws Exception {
    Cid cid = add(bytes(20_000));
    HttpResponse<byte[]> got = get("/ipfs/" + cid + "?format=car");
    assertEquals(200, got.statusCode());
    assertEquals(
        "application/vnd.ipld.car; version=1; order=dfs; dups=n", header(got, "content-type"));
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
    assertEquals(400, get("/ipfs/" + cid + "?format=car&entity-bytes=x").statusCode());
    assertEquals(400, get("/ipfs/" + cid + "?format=car&dag-scope=some").statusCode());
  }

  @Test
  void a_car_of_a_path_proves_the_path() throws Exception {
    Cid root = site();
    List<Cid> entity =
        car(get("/ipfs/" + root + "/docs?format=car&dag-scope=block").body());
    assertEquals(root, entity.getFirst());
    assertEquals(2, entity.size());
    List<Cid> folderOnly =
        car(get("/ipfs/" + root + "/docs?format=car&dag-scope=entity").body());
    assertEquals(2, folderOnly.size(), "a folder's entries are not part of it");
    assertTrue(car(get("/ipfs/" + root + "/docs?format=car").body()).size() > 10);
  }

  @Test
  void a_folder_is_its_index_or_a_page() throws Exception {
    Cid root = site();
    HttpResponse<byte[]> bare = get("/ipfs/" + root + "?x=1");
    assertEquals(301, bare.statusCode());
    assertEquals("/ipfs/" + root + "/?x=1", header(bare, "location"));
    HttpResponse<byte[]> index = get("/ipfs/" + root + "/");
    assertEquals("<!doctype html><h1>Hi</h1>", new String(index.body(), UTF_8));
    assertTrue(header(index, "content-security-policy").startsWith("sandbox"));
    HttpResponse<byte[]> page = get("/ipfs/" + root + "/docs/");
    String html = new String(page.body(), UTF_8);
    assertEquals("text/html; charset=utf-8", header(page, "content-type"));
    assertTrue(header(page, "content-security-policy").contains("default-src 'none'"));
    assertTrue(header(page, "etag").contains("DirIndex"));
    assertTrue(html.contains("href=\"./a%20%26%20b.txt\""));
    assertTrue(html.contains("a &amp; b.txt"));
    assertFalse(html.contains("<img"));
    HttpResponse<byte[]> text = get("/ipfs/" + root + "/docs/a%20%26%20b.txt");
    assertEquals("some text\n", new String(text.body(), UTF_8));
    assertEquals("text/plain; charset=utf-8", header(text, "content-type"));
    assertEquals(3, header(text, "x-ipfs-roots").split(",").length);
  }

  @Test
  void what_is_not_there_is_not_found() throws Exception {
    Cid root = site();
    assertEquals(404, get("/ipfs/" + root + "/nothing").statusCode());
    assertEquals(404, get("/ipfs/" + root + "/index.html/deeper").statusCode());
    assertEquals(404, get("/ipfs/" + root + "/docs%2Fbig.bin").statusCode());
    assertEquals(400, get("/ipfs/nonsense").statusCode());
    assertEquals(400, get("/ipfs/" + root + "/%2e%2e/x").statusCode());
    Cid missing = Cid.hash(Cid.RAW, "missing".getBytes(UTF_8));
    assertEquals(504, get("/ipfs/" + missing).statusCode());
    assertEquals(504, get("/ipfs/" + missing + "?format=car").statusCode());
    assertEquals(412, get("/ipfs/" + missing, "Cache-Control", "only-if-cached").statusCode());
    assertEquals("no-store", header(get("/ipfs/" + missing), "cache-control"));
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
    HttpResponse<byte[]> value = get("/names/alice/a%2Fb");
    assertEquals("hello", new String(value.body(), UTF_8));
    assertEquals("no-cache", header(value, "cache-control"));
    assertEquals("3", header(value, "x-cairn-version"));
    HttpResponse<byte[]> file = get("/names/alice/site/docs/big.bin?version=2");
    assertArrayEquals(bytes(10_000), file.body());
    assertEquals("2", header(file, "x-cairn-version"));
    assertEquals(404, get("/names/alice/none").statusCode());
    assertEquals(404, get("/names/alice/a%2Fb/more").statusCode());
    assertEquals(400, get("/names/bob/site").statusCode());
    assertEquals(400, get("/names/alice/site?version=x").statusCode());
    assertEquals(404, get("/names/alice").statusCode());
  }

  @Test
  void the_probe_of_a_trustless_gateway_is_answered() throws Exception {
    HttpResponse<byte[]> raw = get("/ipfs/bafkqaaa?format=raw");
    assertEquals(200, raw.statusCode());
    assertEquals(0, raw.body().length);
    assertEquals(200, send("HEAD", "/ipfs/bafkqaaa?format=raw").statusCode());
    HttpResponse<byte[]> car = get("/ipfs/bafkqaaa?format=car");
    assertEquals(200, car.statusCode());
    assertEquals(List.of(), car(car.body()));
  }

  @Test
  void the_gateway_is_read_only_and_keeps_the_host_rule() throws Exception {
    Cid cid = add(bytes(10));
    assertEquals(405, send("PUT", "/ipfs/" + cid).statusCode());
    assertEquals(403, get("/ipfs/" + cid, "Origin", "http://evil.example").statusCode());
    assertEquals(
        400, get("/ipfs/" + cid, "Service-Worker", "script").statusCode());
    try (Socket socket = new Socket("127.0.0.1", http.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET /ipfs/" + cid + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
              .getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertTrue(answer.startsWith("HTTP/1.1 403"), answer);
    }
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
    boolean cut = false;
    try (Socket socket = new Socket("127.0.0.1", http.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET /ipfs/"
                  + cid
                  + "?format=car HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
              .getBytes(UTF_8));
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      try (InputStream in = socket.getInputStream()) {
        in.transferTo(all);
      }
      String text = all.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
      assertTrue(text.startsWith("HTTP/1.1 200"), "it had begun");
      cut = !text.endsWith("\r\n0\r\n\r\n");
    } catch (IOException e) {
      cut = true; // reset
    }
    assertTrue(cut, "the last chunk was sent after a failure");
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
                  } catch (IOException | InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
    entered.await();
    HttpResponse<byte[]> second = get("/ipfs/" + cid);
    assertEquals(503, second.statusCode());
    assertEquals("2", header(second, "retry-after"));
    leave.countDown();
    first.join();
    assertEquals(200, get("/ipfs/" + cid).statusCode());
  }
}
