package dev.cairn.files.block;

import dev.cairn.multiformats.Cid;
import java.io.IOException;

/// A block that is needed is not here, and nobody who was asked has it.
public final class BlockMissingException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Cid cid;

  /// @param cid of the block
  public BlockMissingException(Cid cid) {
    this(cid, sentence(cid));
  }

  /// @param message for a person, who may want to know more than that it is not here
  public BlockMissingException(Cid cid, String message) {
    super(message);
    this.cid = cid;
  }

  /// Says that a block is not here, and why.
  public static BlockMissingException because(Cid cid, String why) {
    return new BlockMissingException(cid, sentence(cid) + ": " + why);
  }

  private static String sentence(Cid cid) {
    return "the block " + cid + " is not here";
  }

  public Cid cid() {
    return cid;
  }
}
