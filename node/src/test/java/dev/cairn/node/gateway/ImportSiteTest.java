package dev.cairn.node.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.block.MemoryBlocks;
import dev.cairn.files.car.CarWriter;
import dev.cairn.files.store.FileStore;
import dev.cairn.files.store.FileStoreParams;
import dev.cairn.files.unixfs.ImportOptions;
import dev.cairn.files.unixfs.Importer;
import dev.cairn.files.unixfs.Profile;
import dev.cairn.multiformats.Cid;
import dev.cairn.node.keys.LocalKey;
import dev.cairn.node.rpc.HttpApi;
import dev.cairn.node.rpc.HttpGuard;
import dev.cairn.node.rpc.JsonRpc;
import dev.cairn.node.rpc.RpcParams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ImportSiteTest {

  private static final Profile SMALL =
      new Profile("small", 1, true, 1_000, 4, 256, 256 << 10, Profile.Estimate.BLOCK_BYTES);
  private static final long QUOTA = 100_000;
  private static final String CAR = "application/vnd.ipld.car";
  private static final String FILE = "application/octet-stream";

  @TempDir Path folder;
  private final MemoryBlocks made = new MemoryBlocks();
  private final List<Cid> added = new ArrayList<>();
  private FileStore store;
  private LocalKey key;
  private HttpApi http;

  @BeforeEach
  void start() throws IOException {
    store = FileStore.open(folder.resolve("store"), FileStoreParams.defaults().withQuota(QUOTA));
    key = LocalKey.make(folder, new SecureRandom());
    http =
        HttpApi.start(
            RpcParams.at("127.0.0.1", 0),
            HttpGuard.loopback(),
            new JsonRpc(Map.of()),
            new HttpApi.Pages(Optional::empty, () -> ""),
            List.of(new ImportSite(store, added::addAll, key)));
    Files.createDirectories(folder.resolve("content"));
  }

  @AfterEach
  void stop() {
    http.close();
    store.close();
  }

  private static byte[] noise(int bytes) {
    byte[] content = new byte[bytes];
    new java.util.Random(bytes).nextBytes(content);
    return content;
  }

  private Cid file(int bytes) throws IOException {
    return new Importer(SMALL, made).add(new ByteArrayInputStream(noise(bytes))).cid();
  }

  private byte[] car(Cid root) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CarWriter.write(BlockSource.of(made), List.of(root), out);
    return out.toByteArray();
  }

  private PlainHttp post(byte[] body, String type) throws IOException {
    return post("", body, type);
  }

  private PlainHttp post(String query, byte[] body, String type) throws IOException {
    return PlainHttp.send(
        http.port(), "POST", "/files/import?name=my%20file" + query, body, "Content-Type", type);
  }

  @Test
  void an_archive_is_checked_kept_and_pinned() throws IOException {
    Cid root = file(20_000);
    PlainHttp answer = post(car(root), CAR);
    assertEquals(200, answer.status(), new String(answer.body(), UTF_8));
    assertTrue(new String(answer.body(), UTF_8).contains("\"roots\":[\"" + root + "\"]"));
    assertEquals("my file", store.pinned(root).orElseThrow().name());
    assertEquals(List.of(root), added);
    assertTrue(store.has(root));
  }

  @Test
  void the_content_of_a_file_becomes_blocks_here() throws IOException {
    byte[] content = new byte[30_000];
    new java.util.Random(1).nextBytes(content);
    for (Profile profile : List.of(Profile.V1_2025, Profile.V0_2015)) {
      Cid root = new Importer(profile, made).add(new ByteArrayInputStream(content)).cid();
      PlainHttp answer = post("&profile=" + profile.name(), content, FILE);
      String said = new String(answer.body(), UTF_8);
      assertEquals(200, answer.status(), said);
      assertTrue(said.contains("\"roots\":[\"" + root + "\"]"), said);
      assertTrue(said.contains("\"bytes\":30000"), said);
      assertEquals("my file", store.pinned(root).orElseThrow().name());
    }
    Cid empty = new Importer(Profile.V1_2025, made).add(InputStream.nullInputStream()).cid();
    assertEquals(200, post(new byte[0], FILE).status());
    assertTrue(store.pinned(empty).isPresent());
    assertEquals(400, post("&profile=nope", content, FILE).status());
    assertEquals(507, post(new byte[(int) QUOTA], FILE).status());
  }

  @Test
  void a_file_that_is_cut_off_is_not_kept() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
      String head =
          "POST /files/import?name=half HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
              + FILE
              + "\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n";
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.shutdownOutput();
      socket.setSoTimeout(10_000);
      String said = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertFalse(said.startsWith("HTTP/1.1 200"), said);
    }
    assertEquals(List.of(), store.pins());
    assertEquals(List.of(), added);
  }

  @Test
  void the_last_block_is_the_root_of_an_archive_without_roots() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<Block> blocks = Collections.synchronizedList(new ArrayList<>());
    Cid root =
        new Importer(SMALL, blocks::addAll).add(new ByteArrayInputStream(new byte[5_000])).cid();
    CarWriter writer = new CarWriter(out, List.of());
    for (Block block : blocks) {
      writer.put(block);
    }
    PlainHttp answer = post(out.toByteArray(), CAR);
    assertEquals(200, answer.status(), new String(answer.body(), UTF_8));
    assertTrue(store.pinned(root).isPresent());
  }

  @Test
  void an_archive_that_is_cut_or_wrong_is_not_pinned() throws IOException {
    Cid root = file(20_000);
    byte[] good = car(root);
    assertEquals(400, post(Arrays.copyOf(good, good.length - 1), CAR).status());
    byte[] flipped = good.clone();
    flipped[good.length / 2] ^= 1;
    assertEquals(400, post(flipped, CAR).status());
    assertEquals(400, post("rubbish".getBytes(UTF_8), CAR).status());
    assertFalse(store.pinned(root).isPresent());
    assertEquals(List.of(), added);
  }

  @Test
  void an_archive_that_lacks_a_block_is_not_pinned() throws IOException {
    Cid root = file(20_000);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new CarWriter(out, List.of(root)).put(Block.trusted(root, made.get(root).orElseThrow()));
    PlainHttp answer = post(out.toByteArray(), CAR);
    assertEquals(400, answer.status());
    assertTrue(new String(answer.body(), UTF_8).contains("lacks the block"));
    assertFalse(store.pinned(root).isPresent());
  }

  @Test
  void the_quota_holds() throws IOException {
    Cid root = file((int) QUOTA + 20_000);
    PlainHttp answer = post(car(root), CAR);
    assertEquals(507, answer.status(), new String(answer.body(), UTF_8));
    assertFalse(store.pinned(root).isPresent());
    assertEquals(200, post(car(file(1_000)), CAR).status(), "there is room for a small one");
  }

  @Test
  void a_web_page_cannot_send_one() throws IOException {
    byte[] good = car(file(1_000));
    assertEquals(415, post(good, "text/plain").status());
    assertEquals(415, post(good, "multipart/form-data").status());
    assertEquals(415, post(good, "application/x-www-form-urlencoded").status());
    assertEquals(
        403,
        PlainHttp.send(
                http.port(),
                "POST",
                "/files/import",
                good,
                "Content-Type",
                CAR,
                "Origin",
                "http://evil.example")
            .status());
    assertEquals(405, PlainHttp.send(http.port(), "GET", "/files/import", new byte[0]).status());
    assertEquals(
        404,
        PlainHttp.send(
                http.port(), "OPTIONS", "/", new byte[0], "Access-Control-Request-Method", "POST")
            .status(),
        "no preflight is answered");
  }

  private PlainHttp ask(Path path, String proof, String... more) throws IOException {
    String query = "?name=my%20file&path=" + path + String.join("", more);
    return PlainHttp.send(
        http.port(),
        "POST",
        "/files/import" + query,
        new byte[0],
        "Authorization",
        LocalImport.SCHEME + " " + proof);
  }

  private String proof(Path path) throws IOException {
    return key.proof(LocalImport.request(path.toString(), LocalImport.id(path)));
  }

  private Path content(String name, int bytes) throws IOException {
    return Files.write(folder.resolve("content").resolve(name), noise(bytes));
  }

  @Test
  void a_file_is_read_for_whoever_knows_the_key() throws IOException {
    Path path = content("one", 30_000);
    Cid root = new Importer(Profile.V1_2025, made).addPath(path).cid();
    PlainHttp answer = ask(path, proof(path));
    String said = new String(answer.body(), UTF_8);
    assertEquals(200, answer.status(), said);
    assertTrue(said.contains("\"roots\":[\"" + root + "\"]"), said);
    assertTrue(said.contains("\"bytes\":30000"), said);
    assertEquals("my file", store.pinned(root).orElseThrow().name());
    assertEquals(List.of(root), added);
  }

  @Test
  void a_folder_is_read_with_or_without_what_is_hidden() throws IOException {
    content("one", 3_000);
    content(".two", 2_000);
    Path path = folder.resolve("content");
    for (boolean hidden : List.of(false, true)) {
      Cid root =
          new Importer(Profile.V1_2025, made)
              .addPath(path, ImportOptions.DEFAULTS.withHidden(hidden))
              .cid();
      assertEquals(200, ask(path, proof(path), "&hidden=" + hidden).status());
      assertTrue(store.pinned(root).isPresent());
    }
  }

  @Test
  void no_file_is_read_for_anybody_else() throws IOException {
    Path path = content("one", 3_000);
    Path other = content("other", 4_000);
    PlainHttp challenge =
        PlainHttp.send(http.port(), "POST", "/files/import?path=" + path, new byte[0]);
    assertEquals(401, challenge.status());
    assertEquals(
        LocalImport.SCHEME + " key=\"" + key.file() + "\"", challenge.header("www-authenticate"));
    LocalKey another = LocalKey.make(folder.resolve("content"), new SecureRandom());
    String request = LocalImport.request(path.toString(), LocalImport.id(path));
    assertEquals(403, ask(path, another.proof(request)).status());
    assertEquals(403, ask(path, proof(other)).status(), "a proof is of one file");
    String elsewhere = LocalImport.request(path.toString(), LocalImport.id(other));
    assertEquals(403, ask(path, key.proof(elsewhere)).status(), "under that path is another here");
    assertEquals(403, ask(path.resolveSibling("none"), proof(path)).status());
    assertEquals(400, ask(Path.of("one"), proof(path)).status());
    assertEquals(List.of(), store.pins());
  }

  @Test
  void what_goes_wrong_while_a_file_is_read_is_the_last_line() throws IOException {
    Path path = content("large", (int) QUOTA + 1);
    PlainHttp answer = ask(path, proof(path));
    String said = new String(answer.body(), UTF_8);
    assertEquals(200, answer.status());
    assertTrue(said.contains("\"status\":507") && said.contains("is full"), said);
    Path pipe = folder.resolve("content").resolve("nowhere");
    Files.createSymbolicLink(pipe, Path.of("/dev/null"));
    String refused = new String(ask(pipe, proof(pipe)).body(), UTF_8);
    assertTrue(refused.contains("neither a file nor a folder"), refused);
    assertEquals(List.of(), store.pins());
    assertEquals(List.of(), added);
  }
}
