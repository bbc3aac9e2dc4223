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
import dev.cairn.files.unixfs.Importer;
import dev.cairn.files.unixfs.Profile;
import dev.cairn.multiformats.Cid;
import dev.cairn.node.rpc.HttpApi;
import dev.cairn.node.rpc.HttpGuard;
import dev.cairn.node.rpc.JsonRpc;
import dev.cairn.node.rpc.RpcParams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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

  @TempDir Path folder;
  private final MemoryBlocks made = new MemoryBlocks();
  private final List<Cid> added = new ArrayList<>();
  private FileStore store;
  private HttpApi http;

  @BeforeEach
  void start() throws IOException {
    store = FileStore.open(folder.resolve("store"), FileStoreParams.defaults().withQuota(QUOTA));
    http =
        HttpApi.start(
            RpcParams.at("127.0.0.1", 0),
            HttpGuard.loopback(),
            new JsonRpc(Map.of()),
            new HttpApi.Pages(Optional::empty, () -> ""),
            List.of(new ImportSite(store, added::addAll)));
  }

  @AfterEach
  void stop() {
    http.close();
    store.close();
  }

  private Cid file(int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new java.util.Random(bytes).nextBytes(content);
    return new Importer(SMALL, made).add(new ByteArrayInputStream(content)).cid();
  }

  private byte[] car(Cid root) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CarWriter.write(BlockSource.of(made), List.of(root), out);
    return out.toByteArray();
  }

  private PlainHttp post(byte[] body, String type) throws IOException {
    return PlainHttp.send(
        http.port(), "POST", "/files/import?name=my%20file", body, "Content-Type", type);
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
  void the_last_block_is_the_root_of_an_archive_without_roots() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CarWriter writer = new CarWriter(out, List.of());
    Cid root =
        new Importer(
                SMALL,
                blocks -> {
                  try {
                    for (Block block : blocks) {
                      writer.put(block);
                    }
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .add(new ByteArrayInputStream(new byte[5_000]))
            .cid();
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
    assertEquals(415, post(good, "application/octet-stream").status());
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
}
