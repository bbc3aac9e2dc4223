package dev.cairn.files.dag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborWriter;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DagCodecTest {

  private static final Cid CID = Cid.hash(Cid.RAW, new byte[] {1});
  private static final byte[] DATA = UnixFsData.directory().encode();

  private static ProtobufWriter link() {
    return new ProtobufWriter().bytes(1, CID.encode()).text(2, "a").varint(3, 5);
  }

  private static void refuses(ProtobufWriter node) {
    assertThrows(MalformedException.class, () -> PbNode.decode(node.toBytes()));
  }

  @Test
  void links_come_before_data_and_are_read_back() {
    List<PbLink> links = List.of(new PbLink(CID, "a", 5), new PbLink(CID, "", 0));
    byte[] bytes = PbNode.of(links, DATA).encode();
    assertEquals(0x12, bytes[0]);
    PbNode read = PbNode.decode(bytes);
    assertEquals(links, read.links());
    assertArrayEquals(DATA, read.data().orElseThrow());
  }

  @Test
  void data_before_the_links_is_read_too() {
    PbNode node = PbNode.decode(new ProtobufWriter().bytes(1, DATA).message(2, link()).toBytes());
    assertEquals(List.of(new PbLink(CID, "a", 5)), node.links());
  }

  @Test
  void an_empty_block_is_a_node_without_data() {
    assertTrue(PbNode.decode(new byte[0]).data().isEmpty());
  }

  @Test
  void what_is_not_canonical_dag_pb_is_refused() {
    refuses(new ProtobufWriter().varint(3, 1)); // unknown field
    refuses(new ProtobufWriter().bytes(1, DATA).bytes(1, DATA));
    refuses(new ProtobufWriter().message(2, link()).bytes(1, DATA).message(2, link()));
    refuses(new ProtobufWriter().message(2, new ProtobufWriter().text(2, "a"))); // no CID
    refuses(new ProtobufWriter().message(2, link().varint(4, 1)));
    refuses(new ProtobufWriter().message(2, link().varint(3, 1))); // twice
    refuses(
        new ProtobufWriter()
            .message(2, new ProtobufWriter().text(2, "a").bytes(1, CID.encode()))); // order
    refuses(new ProtobufWriter().message(2, new ProtobufWriter().bytes(1, new byte[] {9, 9})));
    refuses(
        new ProtobufWriter()
            .message(
                2, new ProtobufWriter().bytes(1, CID.encode()).bytes(2, new byte[] {(byte) 0xff})));
    // The control: the same parts, whole, are read.
    assertEquals(
        1, PbNode.decode(new ProtobufWriter().message(2, link()).toBytes()).links().size());
  }

  @Test
  void a_name_over_the_limit_is_refused() {
    byte[] good = PbNode.of(List.of(new PbLink(CID, "n".repeat(4096), 0)), DATA).encode();
    assertEquals(1, PbNode.decode(good).links().size());
    byte[] bad = PbNode.of(List.of(new PbLink(CID, "n".repeat(4097), 0)), DATA).encode();
    assertThrows(MalformedException.class, () -> PbNode.decode(bad));
  }

  @Test
  void block_sizes_are_read_one_by_one_and_packed() {
    UnixFsData plain = UnixFsData.decode(UnixFsData.file(new long[] {300, 5}).encode());
    assertArrayEquals(new long[] {300, 5}, plain.blockSizes());
    assertEquals(305, plain.fileSize().orElseThrow());
    ProtobufWriter packed =
        new ProtobufWriter().varint(1, 2).varint(3, 305).bytes(4, Hex.decode("ac0205"));
    assertArrayEquals(new long[] {300, 5}, UnixFsData.decode(packed.toBytes()).blockSizes());
  }

  @Test
  void mode_and_time_are_read() {
    ProtobufWriter time = new ProtobufWriter().varint(1, 1_700_000_000).fixed32(2, 5);
    byte[] bytes = new ProtobufWriter().varint(1, 1).varint(7, 0100644).message(8, time).toBytes();
    UnixFsData data = UnixFsData.decode(bytes);
    assertEquals(0644, data.mode().orElseThrow());
    assertEquals(Instant.ofEpochSecond(1_700_000_000, 5), data.mtime().orElseThrow());
  }

  @Test
  void what_is_not_unixfs_is_refused() {
    for (ProtobufWriter bad :
        List.of(
            new ProtobufWriter(),
            new ProtobufWriter().varint(1, 6),
            new ProtobufWriter().varint(1, 2).varint(3, -1),
            new ProtobufWriter().varint(1, 5).varint(6, 2048),
            new ProtobufWriter().varint(1, 5).varint(6, 255),
            new ProtobufWriter().varint(1, 5).varint(6, 4),
            new ProtobufWriter().varint(1, 2).bytes(4, Hex.decode("80")),
            new ProtobufWriter()
                .varint(1, 1)
                .message(8, new ProtobufWriter().varint(1, 1).fixed32(2, 0)))) {
      assertThrows(MalformedException.class, () -> UnixFsData.decode(bad.toBytes()));
    }
    assertEquals(
        1024,
        UnixFsData.decode(new ProtobufWriter().varint(1, 5).varint(6, 1024).toBytes()).fanout());
  }

  @Test
  void links_are_found_in_dag_cbor_of_any_shape() {
    // {"a": [link, -1, 1.5, "t"], "b": {"c": link}}
    byte[] link = new CborWriter().link(CID).toBytes();
    String map =
        "a2616184"
            + Hex.encode(link)
            + "20fb3ff80000000000006174"
            + "6162a16163"
            + Hex.encode(link);
    assertEquals(List.of(CID, CID), Links.of(Block.of(Cid.DAG_CBOR, Hex.decode(map))));
    assertEquals(List.of(), Links.of(Block.of(Cid.RAW, Hex.decode(map))));
    assertEquals(List.of(), Links.of(Block.of(0x0129, Hex.decode(map))));
  }

  @Test
  void dag_cbor_that_is_cut_short_or_lies_about_lengths_is_refused() {
    byte[] whole = new CborWriter().array(2).link(CID).bytes(new byte[30]).toBytes();
    assertEquals(List.of(CID), Links.of(Block.of(Cid.DAG_CBOR, whole)));
    for (int length = 0; length < whole.length; length++) {
      Block cut = Block.of(Cid.DAG_CBOR, Arrays.copyOf(whole, length));
      assertThrows(MalformedException.class, () -> Links.of(cut));
    }
    for (String hex :
        List.of("9b7fffffffffffffff", "5bffffffffffffffff", "c100", "9f", "f7", "0000")) {
      Block bad = Block.of(Cid.DAG_CBOR, Hex.decode(hex));
      assertThrows(MalformedException.class, () -> Links.of(bad), hex);
    }
  }

  @Test
  void dag_cbor_may_nest_to_its_limit() {
    byte[] deep = new byte[CborLinks.DEPTH_MAX + 1];
    Arrays.fill(deep, (byte) 0x81);
    deep[deep.length - 1] = 0;
    assertEquals(List.of(), Links.of(Block.of(Cid.DAG_CBOR, deep)));
    byte[] deeper = new byte[10_000];
    Arrays.fill(deeper, (byte) 0x81);
    deeper[deeper.length - 1] = 0;
    assertThrows(MalformedException.class, () -> Links.of(Block.of(Cid.DAG_CBOR, deeper)));
  }

  @Test
  void whatever_arrives_is_read_or_refused() {
    Random random = new Random(21);
    int read = 0;
    for (int i = 0; i < 60_000; i++) {
      byte[] bytes = mutated(random, sample(random));
      read += survives(bytes) ? 1 : 0;
    }
    assertTrue(read > 1000, "only " + read + " were read");
    assertTrue(read < 59_000, read + " were read");
    assertFalse(survives(new byte[] {(byte) 0xff}));
  }

  private static byte[] sample(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> PbNode.of(List.of(new PbLink(CID, "name", 7)), DATA).encode();
      case 1 -> UnixFsData.file(new long[] {random.nextInt(1000), 5, 6}).encode();
      case 2 -> UnixFsData.shard(new byte[] {1, 2}, 256).encode();
      default -> new CborWriter().array(2).link(CID).text("x").toBytes();
    };
  }

  static byte[] mutated(Random random, byte[] bytes) {
    byte[] changed = Arrays.copyOf(bytes, Math.max(1, bytes.length + random.nextInt(5) - 3));
    int flips = random.nextInt(4);
    for (int i = 0; i < flips; i++) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt();
    }
    return changed;
  }

  private static boolean survives(byte[] bytes) {
    boolean read = false;
    try {
      PbNode node = PbNode.decode(bytes);
      byte[] again = PbNode.of(node.links(), node.data().orElse(new byte[0])).encode();
      assertEquals(node.links(), PbNode.decode(again).links());
      read = true;
    } catch (MalformedException e) {
      assertFalse(String.valueOf(e.getMessage()).isBlank());
    }
    try {
      UnixFsData data = UnixFsData.decode(bytes);
      assertArrayEquals(data.encode(), UnixFsData.decode(data.encode()).encode());
      read = true;
    } catch (MalformedException e) {
      assertFalse(String.valueOf(e.getMessage()).isBlank());
    }
    try {
      assertTrue(CborLinks.of(bytes).size() <= bytes.length);
      read = true;
    } catch (MalformedException e) {
      assertFalse(String.valueOf(e.getMessage()).isBlank());
    }
    return read;
  }
}
