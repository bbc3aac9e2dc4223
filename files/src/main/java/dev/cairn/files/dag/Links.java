package dev.cairn.files.dag;

import dev.cairn.files.block.Block;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.util.List;

/// What a block links to.
public final class Links {

  private Links() {}

  /// Whether blocks of this codec may have links.
  public static boolean areIn(Cid cid) {
    return cid.codec() == Cid.DAG_PB || cid.codec() == Cid.DAG_CBOR;
  }

  /// The CIDs in a block, in the order in which they stand, repeats among them: of dag-pb and
  /// dag-cbor; a raw block has none, and one of a codec that is not known here counts as having
  /// none.
  ///
  /// @throws MalformedException when the block is not what its codec demands
  public static List<Cid> of(Block block) {
    long codec = block.cid().codec();
    if (codec == Cid.DAG_PB) {
      return PbNode.decode(block.bytes()).links().stream().map(PbLink::cid).toList();
    }
    if (codec == Cid.DAG_CBOR) {
      return CborLinks.of(block.bytes());
    }
    return List.of();
  }
}
