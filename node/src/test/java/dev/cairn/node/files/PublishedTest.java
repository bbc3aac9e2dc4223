package dev.cairn.node.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.core.Address;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.node.files.NameRequests.Answer;
import dev.cairn.node.files.Published.Thing;
import dev.cairn.storage.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedTest {

  private static final Cid CID = Cid.hash(Cid.RAW, new byte[] {1});
  private static final Address OWNER = Address.of(Ed25519Key.fromSeed(new byte[32]).publicKey());

  @TempDir Path folder;

  private Published open() {
    return new Published(folder.resolve("published"));
  }

  @Test
  void what_is_published_is_there_after_a_restart() {
    Published first = open();
    first.put("news", new Thing.Content(CID));
    first.put("motd", new Thing.Value(Bytes.of(1, 2, 3)));
    first.put("prices", new Thing.ChainRecord(OWNER, "p"));
    first.put("gone", new Thing.Content(CID));
    assertTrue(first.remove("gone"));
    assertFalse(first.remove("gone"));
    assertEquals(first.all(), open().all());
    assertEquals(Optional.of(new Thing.ChainRecord(OWNER, "p")), open().get("prices"));
    assertEquals(Optional.empty(), open().get("gone"));
  }

  @Test
  void names_and_values_have_limits() {
    Published published = open();
    published.put("x", new Thing.Value(Bytes.wrap(new byte[Published.VALUE_BYTES_MAX])));
    assertThrows(
        MalformedException.class,
        () ->
            published.put(
                "x", new Thing.Value(Bytes.wrap(new byte[Published.VALUE_BYTES_MAX + 1]))));
    assertThrows(MalformedException.class, () -> published.put("", new Thing.Content(CID)));
    assertThrows(
        MalformedException.class, () -> published.put("n".repeat(129), new Thing.Content(CID)));
  }

  @Test
  void a_damaged_file_is_said_to_be_so() throws IOException {
    open().put("news", new Thing.Content(CID));
    byte[] good = Files.readAllBytes(folder.resolve("published"));
    Files.write(folder.resolve("published"), Arrays.copyOf(good, good.length - 1));
    assertThrows(StoreException.class, this::open);
  }

  @Test
  void an_answer_is_one_of_four() {
    assertInstanceOf(
        Answer.Nothing.class, NameRequests.decode(new CborWriter().array(1).uint(0).toBytes()));
    assertEquals(
        new Answer.Value(Bytes.of(7)),
        NameRequests.decode(new CborWriter().array(2).uint(1).bytes(new byte[] {7}).toBytes()));
    assertEquals(
        new Answer.Content(CID),
        NameRequests.decode(new CborWriter().array(2).uint(2).link(CID).toBytes()));
    for (byte[] bad :
        List.of(
            new byte[0],
            new CborWriter().array(1).uint(4).toBytes(),
            new CborWriter().array(2).uint(0).uint(0).toBytes(),
            new CborWriter().array(1).uint(2).toBytes(),
            new CborWriter().array(3).uint(3).text("n").bytes(new byte[] {1}).toBytes())) {
      assertThrows(MalformedException.class, () -> NameRequests.decode(bad));
    }
  }

  @Test
  void rubbish_is_malformed_and_nothing_else() {
    Random random = new Random(5);
    byte[] good = new CborWriter().array(2).uint(2).link(CID).toBytes();
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 3));
      if (bad.length > 0) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        Answer _ = NameRequests.decode(bad);
      } catch (MalformedException e) {
        // As it should be.
      }
    }
  }
}
