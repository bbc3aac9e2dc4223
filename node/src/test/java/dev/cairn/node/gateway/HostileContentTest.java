package dev.cairn.node.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.block.MemoryBlocks;
import dev.cairn.files.car.CarReader;
import dev.cairn.files.dag.PbLink;
import dev.cairn.files.dag.PbNode;
import dev.cairn.files.dag.UnixFsData;
import dev.cairn.multiformats.Cid;
import dev.cairn.node.rpc.HttpApi;
import dev.cairn.node.rpc.HttpGuard;
import dev.cairn.node.rpc.JsonRpc;
import dev.cairn.node.rpc.RpcParams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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

/// The gateway with content and pages that were made to harm.
@Timeout(60)
class HostileContentTest {

  private final MemoryBlocks blocks = new MemoryBlocks();
  private final List<Boolean> networks = Collections.synchronizedList(new ArrayList<>());
  private HttpApi http;

  @BeforeEach
  void start() throws IOException {
    GatewayContent.Session session =
        new GatewayContent.Session() {
          @Override
          public BlockSource blocks() {
            return BlockSource.of(blocks);
          }

          @Override
          public void close() {}
        };
    GatewayContent content =
        network -> {
          networks.add(network);
          return session;
        };
    Names none = (owner, name, version) -> Optional.empty();
    http =
        HttpApi.start(
            RpcParams.at("127.0.0.1", 0),
            HttpGuard.loopback(),
            new JsonRpc(Map.of()),
            new HttpApi.Pages(Optional::empty, () -> ""),
            List.of(new Gateway(content, none, GatewayParams.STANDARD)));
  }

  @AfterEach
  void stop() {
    http.close();
  }

  private PlainHttp get(String path, String... headers) throws IOException {
    return PlainHttp.send(http.port(), "GET", path, new byte[0], headers);
  }

  private Cid put(long codec, byte[] bytes) {
    Block block = Block.of(codec, bytes);
    blocks.put(block);
    return block.cid();
  }

  /// Six blocks that claim to be 10^13 bytes.
  private Cid bomb() {
    Cid cid = put(Cid.RAW, new byte[1_000]);
    long size = 1_000;
    for (int level = 0; level < 5; level++) {
      long[] sizes = new long[100];
      Arrays.fill(sizes, size);
      List<PbLink> links = Collections.nCopies(100, new PbLink(cid, "", 0));
      cid = put(Cid.DAG_PB, PbNode.of(links, UnixFsData.file(sizes).encode()).encode());
      size *= 100;
    }
    return cid;
  }

  @Test
  void a_few_blocks_that_claim_to_be_a_huge_file_are_a_small_car() throws Exception {
    PlainHttp got = get("/ipfs/" + bomb() + "?format=car&dag-scope=entity");
    assertTrue(got.whole());
    CarReader car = new CarReader(new ByteArrayInputStream(got.body()));
    int count = 0;
    while (car.next().isPresent()) {
      count++;
    }
    assertEquals(6, count);
  }

  @Test
  void a_range_of_blocks_that_repeat_for_ever_comes_to_an_end() throws Exception {
    assertFalse(get("/ipfs/" + bomb() + "?format=car&entity-bytes=0:*").whole());
  }

  @Test
  void a_folder_of_very_long_names_is_a_page_of_bounded_length() throws Exception {
    List<PbLink> links = new ArrayList<>();
    Cid leaf = put(Cid.RAW, new byte[] {1});
    for (int i = 0; i < 400; i++) {
      links.add(new PbLink(leaf, i + "<".repeat(4_000), 0));
    }
    Cid folder = put(Cid.DAG_PB, PbNode.of(links, UnixFsData.directory().encode()).encode());
    PlainHttp page = get("/ipfs/" + folder + "/");
    assertEquals(200, page.status());
    assertTrue(page.body().length < 8 * ListingPage.NAME_CHARS_MAX, page.body().length + " bytes");
    assertTrue(new String(page.body(), UTF_8).contains("more entries than are shown"));
  }

  @Test
  void a_frame_in_a_foreign_page_makes_nobody_fetch() throws Exception {
    String path = "/ipfs/" + put(Cid.RAW, new byte[] {1});
    String[] followed = {"Sec-Fetch-Site", "cross-site", "Sec-Fetch-Mode", "navigate", "", ""};
    followed[4] = "Sec-Fetch-Dest";
    followed[5] = "document";
    String[] framed = followed.clone();
    framed[5] = "iframe";
    get(path, followed);
    get(path, framed);
    assertEquals(List.of(true, false), List.copyOf(networks));
  }
}
