package dev.cairn.files.block;

import dev.cairn.multiformats.Cid;
import java.io.IOException;

/// A block that is needed is not here, and nobody who was asked has it.
public final class BlockMissingException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Cid cid;

  /// @param cid of the block
  public BlockMissingException(Cid cid) {
    super("the block " + cid + " is not here");
    this.cid = cid;
  }

  public Cid cid() {
    return cid;
  }
}
