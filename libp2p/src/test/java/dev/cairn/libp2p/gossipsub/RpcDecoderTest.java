package dev.cairn.libp2p.gossipsub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RpcDecoderTest {

  private static final GossipLimits LIMITS = GossipLimits.STANDARD;

  private static Rpc decode(ProtobufWriter fields) {
    return RpcDecoder.decode(fields.toBytes(), LIMITS);
  }

  private static List<Rpc> throughTheWire(List<Fragment> fragments) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      RpcWriter.write(fragments, out);
      FrameReader frames =
          new FrameReader(new ByteArrayInputStream(out.toByteArray()), GossipLimits.RPC_BYTES_MAX);
      List<Rpc> rpcs = new ArrayList<>();
      Optional<byte[]> frame = frames.next();
      while (frame.isPresent()) {
        rpcs.add(RpcDecoder.decode(frame.get(), LIMITS));
        frame = frames.next();
      }
      return rpcs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageId id(int number) {
    return MessageId.of(new byte[] {(byte) (number >> 16), (byte) (number >> 8), (byte) number});
  }

  private static List<MessageId> ids(int count) {
    List<MessageId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(id(i));
    }
    return ids;
  }

  @Test
  void reads_what_it_writes() {
    Control control =
        new Control(
            List.of(new Control.IHave("t", ids(2)), new Control.IHave("u", ids(1))),
            ids(3),
            List.of("g"),
            List.of(new Control.Prune("p", 60), new Control.Prune("q", 0)),
            ids(4));
    List<Fragment> fragments = new ArrayList<>();
    fragments.addAll(Fragment.of(List.of(new TopicChange("t", true), new TopicChange("u", false))));
    fragments.add(Fragment.of(Message.unsigned("t", Peers.utf8("hello"))));
    fragments.addAll(Fragment.of(control));
    List<Rpc> rpcs = throughTheWire(fragments);
    assertEquals(2, rpcs.size(), "upkeep and gossip are two controls, so two RPCs");
    Rpc first = rpcs.getFirst();
    assertEquals(
        List.of(new TopicChange("t", true), new TopicChange("u", false)), first.subscriptions());
    assertEquals("hello", new String(first.messages().getFirst().data(), StandardCharsets.UTF_8));
    assertEquals(control.graft(), first.control().graft());
    assertEquals(control.prune(), first.control().prune());
    Control second = rpcs.getLast().control();
    assertEquals(control.ihave(), second.ihave());
    assertEquals(control.iwant(), second.iwant());
    assertEquals(control.idontwant(), second.idontwant());
  }

  @Test
  void the_encoding_is_that_of_the_specification() {
    assertEquals(
        List.of("0a0508011201" + "74"),
        Fragment.of(List.of(new TopicChange("t", true))).stream()
            .map(RpcDecoderTest::hex)
            .toList());
    Control control =
        new Control(
            List.of(), List.of(), List.of("t"), List.of(new Control.Prune("u", 60)), List.of());
    // control { graft { topicID: "t" } prune { topicID: "u" backoff: 60 } }
    assertEquals(
        List.of("1a0c" + "1a030a0174" + "22050a0175183c"),
        Fragment.of(control).stream().map(RpcDecoderTest::hex).toList());
  }

  private static String hex(Fragment fragment) {
    byte[] bytes = new byte[fragment.bytes()];
    fragment.writeTo(bytes, 0);
    return Hex.encode(bytes);
  }

  @Test
  void passes_over_peer_exchange_extensions_and_partial_messages() {
    ProtobufWriter px = new ProtobufWriter().text(1, "peer").text(2, "signed record");
    ProtobufWriter prune = new ProtobufWriter().text(1, "t").message(2, px).varint(3, 9);
    ProtobufWriter extensions = new ProtobufWriter().bool(10, true);
    ProtobufWriter control = new ProtobufWriter().message(4, prune).message(6, extensions);
    ProtobufWriter change = new ProtobufWriter().bool(1, true).text(2, "t").bool(3, true);
    Rpc rpc =
        decode(
            new ProtobufWriter()
                .message(1, change)
                .message(3, control)
                .message(10, new ProtobufWriter().text(1, "t"))
                .varint(6_492_434, 1));
    assertEquals(List.of(new TopicChange("t", true)), rpc.subscriptions());
    assertEquals(List.of(new Control.Prune("t", 9)), rpc.control().prune());
    assertEquals(0, rpc.surplus());
  }

  @Test
  void a_backoff_is_unsigned() {
    ProtobufWriter prune = new ProtobufWriter().text(1, "t").varint(3, -1);
    Rpc rpc = decode(new ProtobufWriter().message(3, new ProtobufWriter().message(4, prune)));
    assertEquals(Long.MAX_VALUE, rpc.control().prune().getFirst().backoffSeconds());
  }

  @Test
  void each_kind_of_part_has_its_limit() {
    ProtobufWriter empty = new ProtobufWriter();
    ProtobufWriter rpc = new ProtobufWriter();
    ProtobufWriter controls = new ProtobufWriter();
    ProtobufWriter ids = new ProtobufWriter();
    for (int i = 0; i < 10_000; i++) {
      rpc.message(1, empty).message(2, empty);
      controls.message(1, empty).message(3, empty).message(4, empty);
      ids.bytes(1, new byte[] {1});
    }
    controls.message(2, ids).message(5, ids);
    Rpc read = decode(rpc.message(3, controls));
    assertEquals(LIMITS.subscriptionsPerRpcMax(), read.subscriptions().size());
    assertEquals(LIMITS.messagesPerRpcMax(), read.messages().size());
    assertEquals(LIMITS.controlsPerRpcMax(), read.control().ihave().size());
    assertEquals(LIMITS.controlsPerRpcMax(), read.control().graft().size());
    assertEquals(LIMITS.controlsPerRpcMax(), read.control().prune().size());
    assertEquals(LIMITS.idsPerRpcMax(), read.control().iwant().size());
    assertEquals(LIMITS.idsPerRpcMax(), read.control().idontwant().size());
    assertEquals(70_000 - 100 - 2_048 - 600 - 10_000, read.surplus());
    GossipLimits none =
        new GossipLimits(1, 1, 1 << 20, 1 << 20, 1 << 20, 1 << 20, 1, 1, 1, 1, 1, 1, 1);
    Rpc all = RpcDecoder.decode(rpc.toBytes(), none);
    assertEquals(0, all.surplus(), "without limits all of it is read");
    assertEquals(10_000, all.messages().size());
  }

  @Test
  void the_ids_of_all_ihaves_together_have_a_limit() {
    ProtobufWriter ihave = new ProtobufWriter().text(1, "t");
    for (int i = 0; i < 3_000; i++) {
      ihave.bytes(2, new byte[] {1});
    }
    ProtobufWriter control = new ProtobufWriter().message(1, ihave).message(1, ihave);
    Rpc rpc = decode(new ProtobufWriter().message(3, control));
    assertEquals(3_000, rpc.control().ihave().get(0).ids().size());
    assertEquals(2_000, rpc.control().ihave().get(1).ids().size());
    assertEquals(1_000, rpc.surplus());
  }

  @Test
  void an_id_that_is_too_long_is_malformed() {
    ProtobufWriter iwant = new ProtobufWriter().bytes(1, new byte[MessageId.BYTES_MAX + 1]);
    ProtobufWriter rpc = new ProtobufWriter().message(3, new ProtobufWriter().message(2, iwant));
    assertThrows(MalformedException.class, () -> decode(rpc));
    ProtobufWriter fits = new ProtobufWriter().bytes(1, new byte[MessageId.BYTES_MAX]);
    assertEquals(
        1,
        decode(new ProtobufWriter().message(3, new ProtobufWriter().message(2, fits)))
            .control()
            .iwant()
            .size());
  }

  @Test
  void long_control_parts_are_split_and_nothing_is_lost() {
    List<String> topics = new ArrayList<>();
    List<Control.Prune> prunes = new ArrayList<>();
    for (int i = 0; i < 190; i++) {
      topics.add("topic ".repeat(30) + i);
      prunes.add(new Control.Prune("topic ".repeat(30) + i, 60));
    }
    Control control =
        new Control(
            List.of(new Control.IHave("t", ids(5_000)), new Control.IHave("u", ids(4_000))),
            ids(5_000),
            topics,
            prunes,
            ids(900));
    List<Fragment> fragments = Fragment.of(control);
    for (Fragment fragment : fragments) {
      assertTrue(fragment.bytes() <= GossipLimits.CONTROL_BYTES_MAX + 8, "" + fragment.bytes());
    }
    List<MessageId> ihave = new ArrayList<>();
    List<MessageId> iwant = new ArrayList<>();
    List<MessageId> idontwant = new ArrayList<>();
    List<String> graft = new ArrayList<>();
    List<Control.Prune> prune = new ArrayList<>();
    for (Rpc rpc : throughTheWire(fragments)) {
      assertEquals(0, rpc.surplus());
      rpc.control().ihave().forEach(part -> ihave.addAll(part.ids()));
      iwant.addAll(rpc.control().iwant());
      idontwant.addAll(rpc.control().idontwant());
      graft.addAll(rpc.control().graft());
      prune.addAll(rpc.control().prune());
    }
    assertEquals(9_000, ihave.size());
    assertEquals(control.iwant(), iwant);
    assertEquals(control.idontwant(), idontwant);
    assertEquals(control.graft(), graft);
    assertEquals(control.prune(), prune);
  }

  @Test
  void many_topics_go_out_a_hundred_at_a_time() {
    List<TopicChange> changes = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      changes.add(new TopicChange("topic " + i, true));
    }
    List<Fragment> fragments = Fragment.of(changes);
    assertEquals(3, fragments.size());
    List<TopicChange> read = new ArrayList<>();
    for (Fragment fragment : fragments) {
      throughTheWire(List.of(fragment)).forEach(rpc -> read.addAll(rpc.subscriptions()));
    }
    assertEquals(changes, read);
  }

  @Test
  void random_bytes_and_spoilt_rpcs_are_read_or_malformed() {
    Random random = new Random(20);
    List<Fragment> fragments = new ArrayList<>();
    fragments.addAll(Fragment.of(List.of(new TopicChange("topic", true))));
    fragments.add(Fragment.of(Message.unsigned("topic", Peers.utf8("hello"))));
    fragments.addAll(
        Fragment.of(
            new Control(
                List.of(new Control.IHave("topic", ids(3))),
                ids(3),
                List.of("topic"),
                List.of(new Control.Prune("topic", 60)),
                ids(3))));
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (Fragment fragment : fragments) {
      whole.writeBytes(Hex.decode(hex(fragment)));
    }
    byte[] good = whole.toByteArray();
    int read = 0;
    int rounds = 30_000;
    for (int i = 0; i < rounds; i++) {
      byte[] bad;
      if (i % 4 == 0) {
        bad = new byte[random.nextInt(60)];
        random.nextBytes(bad);
      } else {
        bad = Arrays.copyOf(good, good.length - random.nextInt(3) * random.nextInt(20));
        for (int change = random.nextInt(4); change >= 0; change--) {
          bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
        }
      }
      try {
        RpcDecoder.decode(bad, LIMITS);
        read++;
      } catch (MalformedException e) {
        // As it should.
      }
    }
    assertTrue(read > rounds / 20 && read < rounds * 19 / 20, read + " of " + rounds + " read");
  }
}
