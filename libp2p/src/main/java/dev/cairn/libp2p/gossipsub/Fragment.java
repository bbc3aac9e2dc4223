package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Varint;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/// One encoded field of an RPC: a head (key and length) and a body that may lie in another array.
///
/// Fields put one after another make an RPC, so that a message is encoded once for all peers that
/// get it, and copied only into the stream. Immutable.
final class Fragment {

  /// What is lost when a fragment is dropped, the most important first.
  enum Kind {
    /// Topics, GRAFT and PRUNE: the other side's picture of us would be wrong.
    UPKEEP,
    /// A message: it can still be asked for.
    MESSAGE,
    /// IHAVE, IWANT, IDONTWANT.
    GOSSIP
  }

  private static final int SUBSCRIPTION = 1;
  private static final int PUBLISH = 2;
  private static final int CONTROL = 3;
  private static final byte[] NOTHING = {};

  private final Kind kind;
  private final byte[] head;
  private final byte[] source;
  private final int start;
  private final int length;

  private Fragment(Kind kind, byte[] head, byte[] source, int start, int length) {
    this.kind = kind;
    this.head = head;
    this.source = source;
    this.start = start;
    this.length = length;
  }

  Kind kind() {
    return kind;
  }

  int bytes() {
    return head.length + length;
  }

  /// Whether it is the control part, of which an RPC has one: some decoders keep only the last.
  boolean isControl() {
    return kind != Kind.MESSAGE && length > 0 && source[start] == (CONTROL << 3 | 2);
  }

  /// Writes it and returns the offset behind it.
  int writeTo(byte[] target, int offset) {
    System.arraycopy(head, 0, target, offset, head.length);
    System.arraycopy(source, start, target, offset + head.length, length);
    return offset + bytes();
  }

  /// Writes it to a stream as an RPC of its own, without copying the body.
  void writeAlone(OutputStream out) throws IOException {
    byte[] prefix = new byte[Varint.sizeOf(bytes()) + head.length];
    int at = Varint.write(bytes(), prefix, 0);
    System.arraycopy(head, 0, prefix, at, head.length);
    out.write(prefix);
    out.write(source, start, length);
  }

  static Fragment of(Message message) {
    byte[] head = new byte[1 + ProtobufWriter.sizeOfVarint(message.length())];
    head[0] = PUBLISH << 3 | ProtobufReader.WIRE_BYTES;
    int at = 1;
    int rest = message.length();
    while (rest > 0x7F) {
      head[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    head[at] = (byte) rest;
    return new Fragment(Kind.MESSAGE, head, message.source(), message.start(), message.length());
  }

  private static Fragment of(Kind kind, ProtobufWriter fields) {
    byte[] encoded = fields.toBytes();
    return new Fragment(kind, NOTHING, encoded, 0, encoded.length);
  }

  /// The changes in as many fragments as keep each under [GossipLimits#CONTROL_BYTES_MAX] and 100
  /// changes, the most that are read from one RPC.
  static List<Fragment> of(List<TopicChange> changes) {
    List<Fragment> fragments = new ArrayList<>();
    ProtobufWriter fields = new ProtobufWriter();
    int count = 0;
    int countMax = GossipLimits.STANDARD.subscriptionsPerRpcMax();
    for (TopicChange change : changes) {
      ProtobufWriter field =
          new ProtobufWriter().bool(1, change.subscribe()).text(2, change.topic());
      boolean full = fields.size() + field.size() > GossipLimits.CONTROL_BYTES_MAX - 8;
      if (count == countMax || full && count > 0) {
        fragments.add(of(Kind.UPKEEP, fields));
        fields = new ProtobufWriter();
        count = 0;
      }
      fields.message(SUBSCRIPTION, field);
      count++;
    }
    if (count > 0) {
      fragments.add(of(Kind.UPKEEP, fields));
    }
    return fragments;
  }

  /// The control part in as many fragments as keep each under [GossipLimits#CONTROL_BYTES_MAX].
  static List<Fragment> of(Control control) {
    Splitter upkeep = new Splitter(Kind.UPKEEP);
    for (String topic : control.graft()) {
      upkeep.add(3, new ProtobufWriter().text(1, topic));
    }
    for (Control.Prune prune : control.prune()) {
      ProtobufWriter part = new ProtobufWriter().text(1, prune.topic());
      if (prune.backoffSeconds() > 0) {
        part.varint(3, prune.backoffSeconds());
      }
      upkeep.add(4, part);
    }
    Splitter gossip = new Splitter(Kind.GOSSIP);
    for (Control.IHave ihave : control.ihave()) {
      gossip.addIds(1, new ProtobufWriter().text(1, ihave.topic()).toBytes(), 2, ihave.ids());
    }
    gossip.addIds(2, NOTHING, 1, control.iwant());
    gossip.addIds(5, NOTHING, 1, control.idontwant());
    List<Fragment> fragments = upkeep.finish();
    fragments.addAll(gossip.finish());
    return fragments;
  }

  /// Fills control parts up to their limit.
  private static final class Splitter {
    private final Kind kind;
    private final List<Fragment> fragments = new ArrayList<>();
    private ProtobufWriter control = new ProtobufWriter();

    Splitter(Kind kind) {
      this.kind = kind;
    }

    void add(int field, ProtobufWriter part) {
      int size = ProtobufWriter.sizeOfBytes(field, part.size());
      if (control.size() > 0 && control.size() + size > GossipLimits.CONTROL_BYTES_MAX) {
        close();
      }
      control.message(field, part);
    }

    /// Adds ids in parts that begin with `prefix`, as many parts as it takes.
    void addIds(int field, byte[] prefix, int idField, List<MessageId> ids) {
      int i = 0;
      while (i < ids.size()) {
        int room = GossipLimits.CONTROL_BYTES_MAX - control.size() - 8;
        ProtobufWriter part = new ProtobufWriter().raw(prefix);
        int before = i;
        while (i < ids.size()
            && part.size() + ProtobufWriter.sizeOfBytes(idField, ids.get(i).length()) <= room) {
          part.bytes(idField, ids.get(i++).shared());
        }
        if (i > before) {
          add(field, part);
        } else {
          close();
        }
      }
    }

    private void close() {
      if (control.size() > 0) {
        fragments.add(of(kind, new ProtobufWriter().message(CONTROL, control)));
        control = new ProtobufWriter();
      }
    }

    List<Fragment> finish() {
      close();
      return fragments;
    }
  }
}
