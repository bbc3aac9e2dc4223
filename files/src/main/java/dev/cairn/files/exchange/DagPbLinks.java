package dev.cairn.files.exchange;

import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The little of dag-pb that a walk needs: links, and the size that a root says it has.
final class DagPbLinks {

  private static final int NODE_DATA = 1;
  private static final int NODE_LINK = 2;
  private static final int LINK_HASH = 1;
  private static final int LINK_TSIZE = 3;

  private DagPbLinks() {}

  static List<Cid> links(Cid cid, byte[] bytes) {
    List<Cid> links = new ArrayList<>();
    if (cid.codec() != Cid.DAG_PB) {
      return links;
    }
    ProtobufReader node = new ProtobufReader(bytes);
    while (node.next()) {
      if (node.field() == NODE_LINK) {
        links.add(target(node.message()));
      }
    }
    return links;
  }

  private static Cid target(ProtobufReader link) {
    Cid target = null;
    while (link.next()) {
      if (link.field() == LINK_HASH) {
        target = Cid.decode(link.bytes(Cid.BYTES_MAX));
      }
    }
    if (target == null) {
      throw new MalformedException("a dag-pb link names nothing");
    }
    return target;
  }

  /// The bytes of the block and of all below it, as its links say.
  static OptionalLong total(Cid cid, byte[] bytes) {
    long total = bytes.length;
    if (cid.codec() != Cid.DAG_PB) {
      return cid.codec() == Cid.RAW ? OptionalLong.of(total) : OptionalLong.empty();
    }
    ProtobufReader node = new ProtobufReader(bytes);
    while (node.next()) {
      if (node.field() == NODE_LINK) {
        long below = below(node.message());
        if (below < 0 || total + below < 0) {
          return OptionalLong.empty();
        }
        total += below;
      } else if (node.field() != NODE_DATA) {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(total);
  }

  private static long below(ProtobufReader link) {
    long size = 0;
    while (link.next()) {
      if (link.field() == LINK_TSIZE) {
        size = link.varint();
      }
    }
    return size;
  }
}
