package dev.cairn.core.sync;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;

/// Asks for one block by its id: `[2, link]`. It need not be final.
public record BlockRequest(Cid block) implements BlocksRequest {

  static final long KIND = 2;

  @Override
  public int count() {
    return 1;
  }

  @Override
  public byte[] encode() {
    return new CborWriter().array(2).uint(KIND).link(block).toBytes();
  }

  static BlockRequest read(CborReader reader) {
    return new BlockRequest(blockLink(reader));
  }

  /// A link to a block: CIDv1, dag-cbor, sha2-256, so that no block has two names.
  static Cid blockLink(CborReader reader) {
    Cid link = reader.link();
    if (link.version() != 1 || link.codec() != Cid.DAG_CBOR || !link.isSha256()) {
      throw new MalformedException("not a block's link: " + link);
    }
    return link;
  }
}
