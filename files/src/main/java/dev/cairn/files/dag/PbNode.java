package dev.cairn.files.dag;

import dev.cairn.files.block.Block;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A node of dag-pb (IPLD's DAG-PB specification): links and opaque data. Immutable; the data is
/// not copied and is only read.
///
/// What is written is canonical: links before data, each link's fields in order, every integer in
/// its shortest form. What is read may have data first and any order of links, because such blocks
/// exist; unknown or repeated fields, fields of a link out of order, and a link without a CID are
/// refused, as the specification says.
public final class PbNode {

  /// The most links of a node. A link takes at least 36 bytes, so a block of 2 MiB has no more.
  public static final int LINKS_MAX = Block.BYTES_MAX / 36;

  /// The longest name of a link, in bytes of UTF-8: 4,096, the longest path of Linux.
  public static final int NAME_BYTES_MAX = 4096;

  private static final int DATA = 1;
  private static final int LINKS = 2;
  private static final int LINK_HASH = 1;
  private static final int LINK_NAME = 2;
  private static final int LINK_SIZE = 3;

  private final List<PbLink> links;
  private final byte @Nullable [] data;

  private PbNode(List<PbLink> links, byte @Nullable [] data) {
    this.links = links;
    this.data = data;
  }

  public static PbNode of(List<PbLink> links, byte[] data) {
    return new PbNode(List.copyOf(links), data);
  }

  /// Reads a whole block.
  ///
  /// @throws MalformedException when it is not dag-pb
  public static PbNode decode(byte[] block) {
    ProtobufReader reader = new ProtobufReader(block);
    List<PbLink> links = new ArrayList<>();
    byte[] data = null;
    int dataAt = 0;
    while (reader.next()) {
      switch (reader.field()) {
        case LINKS -> {
          if (links.size() == LINKS_MAX) {
            throw new MalformedException("a dag-pb node of more than " + LINKS_MAX + " links");
          }
          if (dataAt > 0) {
            throw new MalformedException("a dag-pb node has data between its links");
          }
          links.add(link(reader.message()));
        }
        case DATA -> {
          if (data != null) {
            throw new MalformedException("a dag-pb node has data twice");
          }
          data = reader.bytes(block.length);
          dataAt = links.size();
        }
        default -> throw new MalformedException("a dag-pb node has a field " + reader.field());
      }
    }
    return new PbNode(Collections.unmodifiableList(links), data);
  }

  private static PbLink link(ProtobufReader reader) {
    Cid cid = null;
    String name = "";
    long size = 0;
    int last = 0;
    while (reader.next()) {
      int field = reader.field();
      if (field <= last) {
        throw new MalformedException("a dag-pb link has its fields out of order, or twice");
      }
      last = field;
      switch (field) {
        case LINK_HASH -> cid = Cid.decode(reader.bytes(Cid.BYTES_MAX));
        case LINK_NAME -> name = reader.text(NAME_BYTES_MAX);
        // A hint that nothing relies on: what does not fit counts as unknown.
        case LINK_SIZE -> size = Math.max(0, reader.varint());
        default -> throw new MalformedException("a dag-pb link has a field " + field);
      }
    }
    if (cid == null) {
      throw new MalformedException("a dag-pb link without a CID");
    }
    return new PbLink(cid, name, size);
  }

  /// The canonical bytes, with the links in the order in which they are.
  public byte[] encode() {
    ProtobufWriter writer = new ProtobufWriter(encodedBytes());
    for (PbLink link : links) {
      byte[] name = link.name().getBytes(StandardCharsets.UTF_8);
      byte[] cid = link.cid().encode();
      ProtobufWriter nested = new ProtobufWriter(linkBytes(link, name.length));
      // The name is written even when it is empty: every implementation does, and CIDs depend on
      // it.
      nested.bytes(LINK_HASH, cid).bytes(LINK_NAME, name).varint(LINK_SIZE, link.dagBytes());
      writer.message(LINKS, nested);
    }
    if (data != null) {
      writer.bytes(DATA, data);
    }
    return writer.toBytes();
  }

  /// The length of [#encode], without encoding.
  private int encodedBytes() {
    long total = data == null ? 0 : ProtobufWriter.sizeOfBytes(DATA, data.length);
    for (PbLink link : links) {
      total += wireBytes(link);
    }
    return (int) Math.min(total, Integer.MAX_VALUE);
  }

  /// Bytes that a link takes in a node.
  public static int wireBytes(PbLink link) {
    int name = link.name().getBytes(StandardCharsets.UTF_8).length;
    return ProtobufWriter.sizeOfBytes(LINKS, linkBytes(link, name));
  }

  private static int linkBytes(PbLink link, int nameBytes) {
    return ProtobufWriter.sizeOfBytes(LINK_HASH, link.cid().size())
        + ProtobufWriter.sizeOfBytes(LINK_NAME, nameBytes)
        + 1
        + ProtobufWriter.sizeOfVarint(link.dagBytes());
  }

  public List<PbLink> links() {
    return links;
  }

  /// The data itself, not a copy; empty when the node has none.
  public Optional<byte[]> data() {
    return Optional.ofNullable(data);
  }
}
