package dev.cairn.files.bitswap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multihash;
import dev.cairn.multiformats.Varint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MessageTest {

  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
  private static final Cid RAW = Cid.hash(Cid.RAW, HELLO);
  private static final String DIGEST =
      "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  private static final Cid V0 = Cid.decode(HexFormat.of().parseHex("1220" + DIGEST));
  private static final int ENTRIES_MAX = 100;

  private static RecordingSink read(byte[]... messages) throws Exception {
    RecordingSink sink = new RecordingSink();
    read(sink, messages);
    return sink;
  }

  private static void read(RecordingSink sink, byte[]... messages) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      all.write(message);
    }
    MessageReader reader =
        new MessageReader(
            new ByteArrayInputStream(all.toByteArray()), sink, new BlockArrays(), ENTRIES_MAX);
    for (int i = 0; i < messages.length; i++) {
      reader.read();
    }
    assertThrows(EOFException.class, reader::read);
  }

  private static byte[] block(Version version, Cid cid, byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MessageWriter.block(version, cid, data, out);
    return out.toByteArray();
  }

  @Test
  void a_want_is_written_as_the_specification_says() {
    byte[] message =
        MessageWriter.talk(Version.V120, false, List.of(Entry.wantHave(RAW)), List.of());
    assertEquals(
        "30" // 48 bytes
            + "0a2e" // 1: the want-list
            + "0a2c" // 1: an entry
            + "0a24"
            + "01551220"
            + DIGEST // 1: the CID
            + "1001" // 2: priority 1
            + "2001" // 4: want-have
            + "2801", // 5: send DONT_HAVE
        HexFormat.of().formatHex(message));
  }

  @Test
  void a_block_is_written_as_the_specification_says() throws IOException {
    assertEquals(
        "11" + "0a00" + "1a0d" + "0a0401551220" + "120568656c6c6f",
        HexFormat.of().formatHex(block(Version.V120, RAW, HELLO)));
    assertEquals(
        "09" + "0a00" + "120568656c6c6f", HexFormat.of().formatHex(block(Version.V100, V0, HELLO)));
  }

  @Test
  void wants_and_presences_come_out_as_they_went_in() throws Exception {
    List<Entry> wants =
        List.of(Entry.wantBlock(RAW), Entry.wantHave(V0), new Entry(V0, 7, false, true, false));
    List<Presence> presences = List.of(new Presence(RAW, true), new Presence(V0, false));
    RecordingSink sink = read(MessageWriter.talk(Version.V120, true, wants, presences));
    assertEquals(wants, sink.entries);
    assertEquals(presences, sink.presences);
    assertTrue(sink.full);
    Entry cancel =
        read(MessageWriter.talk(Version.V120, false, List.of(Entry.cancel(RAW)), List.of()))
            .entries
            .getFirst();
    assertTrue(cancel.cancel());
    assertEquals(RAW, cancel.cid());
  }

  @Test
  void old_versions_are_told_nothing_that_they_do_not_know() throws Exception {
    RecordingSink sink =
        read(
            MessageWriter.talk(
                Version.V110,
                false,
                List.of(Entry.wantBlock(RAW)),
                List.of(new Presence(RAW, true))));
    assertEquals(List.of(), sink.presences);
    assertEquals(new Entry(RAW, 1, false, true, false), sink.entries.getFirst());
  }

  @Test
  void blocks_of_every_version_are_read_with_their_prefix() throws Exception {
    byte[] large = new byte[Block.BYTES_MAX];
    new Random(1).nextBytes(large);
    RecordingSink sink =
        read(
            block(Version.V100, V0, HELLO),
            block(Version.V110, RAW, HELLO),
            block(Version.V120, Cid.hash(Cid.DAG_CBOR, large), large));
    assertEquals(CidPrefix.V0, sink.blocks.get(0).prefix());
    assertEquals(CidPrefix.of(RAW), sink.blocks.get(1).prefix());
    assertEquals(Cid.DAG_CBOR, sink.blocks.get(2).prefix().codec());
    assertArrayEquals(HELLO, sink.blocks.get(1).data());
    assertArrayEquals(large, sink.blocks.get(2).data());
    assertEquals(2 * HELLO.length + large.length, sink.heard);
    assertEquals(Keys.of(RAW), sink.blocks.get(1).prefix().key(HELLO));
    assertEquals(Keys.of(V0), CidPrefix.V0.key(HELLO));
  }

  @Test
  void a_block_whose_prefix_comes_after_its_data_is_read() throws Exception {
    ProtobufWriter payload =
        new ProtobufWriter().bytes(2, HELLO).bytes(1, CidPrefix.of(RAW).encode());
    RecordingSink sink = read(new ProtobufWriter().message(3, payload).toDelimited());
    assertArrayEquals(HELLO, sink.blocks.getFirst().data());
  }

  @Test
  void an_empty_block_may_have_no_field_for_its_data() throws Exception {
    ProtobufWriter payload = new ProtobufWriter().bytes(1, CidPrefix.of(RAW).encode());
    byte[] message = new ProtobufWriter().message(3, payload).toDelimited();
    RecordingSink sink = read(message);
    assertEquals(CidPrefix.of(RAW), sink.blocks.getFirst().prefix());
    assertArrayEquals(new byte[0], sink.blocks.getFirst().data());
    RecordingSink other = read(new ProtobufWriter().message(3, new ProtobufWriter()).toDelimited());
    assertEquals(List.of(), other.blocks, "nothing at all is no block");
  }

  @Test
  void unknown_fields_and_pending_bytes_are_passed_over() throws Exception {
    byte[] message =
        new ProtobufWriter()
            .varint(5, 1 << 20)
            .bytes(9, HELLO)
            .fixed32(10, 1)
            .fixed64(11, 1)
            .raw(Arrays.copyOfRange(block(Version.V120, RAW, HELLO), 1, 18))
            .toDelimited();
    assertEquals(1, read(message).blocks.size());
  }

  @Test
  void a_block_that_nobody_asked_for_is_passed_over_unread() throws Exception {
    RecordingSink sink = new RecordingSink();
    sink.expects = false;
    read(sink, block(Version.V120, RAW, HELLO), block(Version.V100, V0, HELLO));
    assertEquals(List.of(), sink.blocks);
    assertEquals(2 * HELLO.length, sink.unexpected);
  }

  @Test
  void a_want_list_over_the_limit_is_refused() throws Exception {
    byte[] most = MessageWriter.talk(Version.V120, false, wants(ENTRIES_MAX), List.of());
    assertEquals(ENTRIES_MAX, read(most).entries.size());
    byte[] over = MessageWriter.talk(Version.V120, false, wants(ENTRIES_MAX + 1), List.of());
    assertThrows(MalformedException.class, () -> read(over));
  }

  private static List<Entry> wants(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Entry.wantBlock(Cid.hash(Cid.RAW, new byte[] {(byte) i, (byte) (i >> 8)})))
        .toList();
  }

  @Test
  void a_million_wants_do_not_fit_into_a_message() {
    byte[] length = Varint.encode(40_000_000);
    assertThrows(MalformedException.class, () -> read(length));
    byte[] most = Varint.encode(MessageReader.MESSAGE_BYTES_MAX + 1L);
    assertThrows(MalformedException.class, () -> read(most));
  }

  @Test
  void a_block_over_two_mebibytes_is_refused_before_it_is_read() {
    byte[] over = new byte[Block.BYTES_MAX + 1];
    Cid cid = Cid.hash(Cid.RAW, over);
    assertThrows(MalformedException.class, () -> read(block(Version.V120, cid, over)));
    assertThrows(MalformedException.class, () -> read(block(Version.V100, cid, over)));
  }

  @Test
  void lengths_that_do_not_fit_are_refused() {
    for (String bad :
        List.of(
            "030a05ff", // a want-list longer than its message
            "021a7f", // a block longer than its message
            "041a020a05", // a prefix longer than its block
            "051a021205ff", // data longer than its block
            "0412056865", // data longer than the message
            "011a", // cut short after a key
            "0100", // field 0
            "010b", // a group
            "060a040a020a00", // an entry with an empty CID
            "040a020a00", // an entry with no CID
            "0422021000", // a presence with no CID
            "041a021200", // a block with no prefix
            "ffffffffffffffffff7f")) {
      byte[] message = HexFormat.of().parseHex(bad);
      assertThrows(MalformedException.class, () -> read(message), bad);
    }
  }

  @Test
  void a_prefix_of_an_unknown_hash_makes_no_key() {
    CidPrefix blake = new CidPrefix(1, Cid.RAW, 0xb220, 32);
    assertEquals(blake, CidPrefix.decode(blake.encode()));
    assertThrows(MalformedException.class, () -> blake.key(HELLO));
    CidPrefix brief = new CidPrefix(1, Cid.RAW, Multihash.SHA2_256, 16);
    assertThrows(MalformedException.class, () -> brief.key(HELLO));
    CidPrefix sha512 = new CidPrefix(1, Cid.RAW, Multihash.SHA2_512, 64);
    assertEquals(Multihash.SHA2_512, sha512.key(HELLO).multihash().code());
  }

  @Test
  void whatever_arrives_is_read_or_refused() throws Exception {
    Random random = new Random(7);
    byte[] good =
        MessageWriter.talk(
            Version.V120,
            true,
            wants(5),
            List.of(new Presence(RAW, true), new Presence(V0, false)));
    byte[] block = block(Version.V120, RAW, HELLO);
    for (int i = 0; i < 20_000; i++) {
      byte[] message = (i % 2 == 0 ? good : block).clone();
      for (int j = random.nextInt(4); j >= 0; j--) {
        message[random.nextInt(message.length)] = (byte) random.nextInt(256);
      }
      attempt(message);
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      attempt(noise);
    }
  }

  private static void attempt(byte[] bytes) throws Exception {
    MessageReader reader =
        new MessageReader(
            new ByteArrayInputStream(bytes), new RecordingSink(), new BlockArrays(), ENTRIES_MAX);
    try {
      while (true) {
        reader.read();
      }
    } catch (EOFException | MalformedException e) {
      // Both are as they should be; anything else fails the test.
    }
  }

  @Test
  void a_block_that_nobody_asked_for_is_not_kept_for_the_prefix_behind_it() throws Exception {
    RecordingSink sink = new RecordingSink();
    sink.expects = false;
    ProtobufWriter payload =
        new ProtobufWriter().bytes(2, HELLO).bytes(1, CidPrefix.of(RAW).encode());
    read(sink, new ProtobufWriter().message(3, payload).toDelimited());
    assertEquals(List.of(), sink.blocks);
    assertEquals(HELLO.length, sink.unexpected);
  }

  @Test
  void a_long_block_takes_a_place_while_it_arrives_and_gives_it_back_when_it_breaks_off()
      throws Exception {
    byte[] large = new byte[300_000];
    byte[] message = block(Version.V120, Cid.hash(Cid.RAW, large), large);
    RecordingSink sink = new RecordingSink();
    read(sink, block(Version.V120, RAW, HELLO), message);
    assertEquals(1, sink.entered);
    byte[] cut = Arrays.copyOf(message, 200_000);
    assertThrows(MalformedException.class, () -> read(sink, cut));
    assertEquals(2, sink.entered);
    assertEquals(0, sink.inside);
  }

  @Test
  void a_want_list_is_not_read_when_it_is_too_long_for_its_entries() {
    byte[] filler = new byte[MessageReader.WANTLIST_BYTES_MAX - 16];
    byte[] most =
        new ProtobufWriter().message(1, new ProtobufWriter().bytes(9, filler)).toDelimited();
    byte[] longer = new byte[MessageReader.WANTLIST_BYTES_MAX];
    byte[] over =
        new ProtobufWriter().message(1, new ProtobufWriter().bytes(9, longer)).toDelimited();
    assertDoesNotThrow(() -> read(most));
    assertThrows(MalformedException.class, () -> read(over));
  }
}
