package dev.cairn.files.bitswap;

import dev.cairn.multiformats.Cid;

/// Blocks are the same whatever codec names them, so wants are told apart by their multihash: a key
/// is the CID with the raw codec and version 1.
public final class Keys {

  private Keys() {}

  /// The key of a block.
  public static Cid of(Cid cid) {
    if (cid.codec() == Cid.RAW && cid.version() == 1) {
      return cid;
    }
    return cid.isSha256() ? Cid.sha256(Cid.RAW, cid.digest()) : Cid.of(Cid.RAW, cid.multihash());
  }
}
