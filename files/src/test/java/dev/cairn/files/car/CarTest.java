package dev.cairn.files.car;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.Dags;
import dev.cairn.files.block.Block;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.Multihash;
import dev.cairn.multiformats.Varint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CarTest {

  private final Dags dags = new Dags();
  private final Cid leaf = dags.raw(new byte[] {1, 2, 3});
  private final Cid root = dags.file(List.of(leaf, leaf), 3, 3);

  private byte[] archive() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CarWriter.write(dags.source(), List.of(root), out);
    return out.toByteArray();
  }

  private static List<Block> read(byte[] archive) throws IOException {
    CarReader reader = new CarReader(new ByteArrayInputStream(archive));
    List<Block> blocks = new ArrayList<>();
    for (Optional<Block> block = reader.next(); block.isPresent(); block = reader.next()) {
      blocks.add(block.get());
    }
    return blocks;
  }

  private static void refuses(byte[] archive) {
    assertThrows(CarException.class, () -> read(archive));
  }

  /// An archive of CARv2 around one of CARv1 (IPLD, "CARv2").
  private static byte[] wrapped(byte[] inner, long size, int padding) {
    return ByteBuffer.allocate(51 + padding + inner.length + 7)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(Hex.decode("0aa16776657273696f6e02"))
        .put(new byte[16])
        .putLong(51 + padding)
        .putLong(size)
        .putLong(0)
        .put(new byte[padding])
        .put(inner)
        .array();
  }

  @Test
  void a_dag_is_written_once_each_block_parents_first() throws IOException {
    byte[] archive = archive();
    assertEquals(List.of(root), new CarReader(new ByteArrayInputStream(archive)).roots());
    assertEquals(List.of(root, leaf), read(archive).stream().map(Block::cid).toList());
  }

  @Test
  void the_header_is_the_one_of_the_specification() throws IOException {
    // The first bytes of IPLD's fixture carv1-basic.
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Cid one =
        Cid.decode(
            Hex.decode("01711220f88bc853804cf294fe417e4fa83028689fcdb1b1592c5102e1474dbc200fab8b"));
    Cid two =
        Cid.decode(
            Hex.decode("0171122069ea0740f9807a28f4d932c62e7c1c83be055e55072c90266ab3e79df63a365b"));
    new CarWriter(out, List.of(one, two));
    String header =
        "63a265726f6f747382"
            + "d82a58250001711220f88bc853804cf294fe417e4fa83028689fcdb1b1592c5102e1474dbc200fab8b"
            + "d82a5825000171122069ea0740f9807a28f4d932c62e7c1c83be055e55072c90266ab3e79df63a365b"
            + "6776657273696f6e01";
    assertEquals(header, Hex.encode(out.toByteArray()));
  }

  @Test
  void a_carv2_is_read_from_within() throws IOException {
    byte[] inner = archive();
    assertEquals(2, read(wrapped(inner, inner.length, 0)).size());
    assertEquals(2, read(wrapped(inner, inner.length, 100)).size());
    refuses(wrapped(inner, inner.length - 1, 0));
    refuses(wrapped(inner, inner.length + 100, 0));
    refuses(wrapped(inner, -1, 0));
    refuses(Arrays.copyOf(wrapped(inner, inner.length, 0), 40));
  }

  @Test
  void an_archive_that_is_cut_short_is_refused_unless_between_blocks() throws IOException {
    byte[] archive = archive();
    int whole = 0;
    for (int length = 0; length < archive.length; length++) {
      try {
        List<Block> blocks = read(Arrays.copyOf(archive, length));
        assertTrue(blocks.size() < 2);
        whole++;
      } catch (CarException e) {
        assertTrue(!String.valueOf(e.getMessage()).isBlank());
      }
    }
    assertEquals(2, whole); // behind the header, and behind the first block
  }

  @Test
  void a_block_that_is_not_what_its_cid_names_is_refused() throws IOException {
    byte[] archive = archive();
    archive[archive.length - 1] ^= 1;
    refuses(archive);
  }

  @Test
  void garbage_and_what_is_over_a_limit_is_refused() throws IOException {
    refuses(new byte[0]);
    refuses(new byte[100]);
    refuses("GIF89a, not an archive".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    byte[] header = Arrays.copyOf(archive(), 59);
    assertEquals(0, read(header).size());
    for (long length : new long[] {0, CarReader.SECTION_BYTES_MAX + 1L, Long.MAX_VALUE}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      out.write(header);
      out.write(Varint.encode(length));
      out.write(new byte[64]);
      refuses(out.toByteArray());
    }
    ByteArrayOutputStream longHeader = new ByteArrayOutputStream();
    longHeader.write(Varint.encode(CarReader.HEADER_BYTES_MAX + 1));
    longHeader.write(new byte[100]);
    refuses(longHeader.toByteArray());
    refuses(Hex.decode("0aa16776657273696f6e03"));
  }

  @Test
  void blocks_of_every_kind_of_name_go_through() throws IOException {
    byte[] content = {5};
    Block v0 =
        Block.trusted(
            Cid.decode(Hex.decode("1220" + Hex.encode(root.digest()))),
            dags.source().get(root).bytes());
    Block inline =
        Block.inline(Cid.of(Cid.RAW, Multihash.of(Multihash.IDENTITY, content))).orElseThrow();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    CarWriter writer = new CarWriter(out, List.of());
    writer.put(v0);
    writer.put(inline); // held by its name, so left out
    writer.put(Block.of(0x0200, content));
    List<Block> blocks = read(out.toByteArray());
    assertEquals(2, blocks.size());
    assertEquals(v0.cid(), blocks.get(0).cid());
    assertArrayEquals(content, blocks.get(1).bytes());
  }

  @Test
  void whatever_arrives_is_read_or_refused() throws IOException {
    byte[] plain = archive();
    byte[] v2 = wrapped(plain, plain.length, 3);
    Random random = new Random(51);
    int read = 0;
    for (int i = 0; i < 30_000; i++) {
      byte[] base = random.nextBoolean() ? plain : v2;
      byte[] bytes = Arrays.copyOf(base, Math.max(0, base.length + random.nextInt(9) - 6));
      for (int flips = random.nextInt(3); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        read(bytes);
        read++;
      } catch (CarException e) {
        assertTrue(!String.valueOf(e.getMessage()).isBlank());
      }
    }
    assertTrue(read > 500 && read < 29_000, read + " were read");
  }
}
