package dev.cairn.core.light;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;

/// A final block that somebody trusts for reasons of their own. Its CID covers its header, and so
/// the validators of its epoch and of the next (spec/light.md, "Checkpoints").
///
/// @param height of the block, 0 or more
public record Checkpoint(long height, Cid block) {

  private static final int HEIGHT_DIGITS_MAX = 18;

  public Checkpoint {
    if (height < 0) {
      throw new MalformedException("a checkpoint of height " + height);
    }
  }

  /// Reads `HEIGHT:CID`.
  ///
  /// @throws MalformedException when the text is anything else
  public static Checkpoint parse(String text) {
    int colon = text.indexOf(':');
    String height = text.substring(0, Math.max(colon, 0));
    if (!height.matches("0|[1-9][0-9]{0," + (HEIGHT_DIGITS_MAX - 1) + "}")) {
      throw new MalformedException(
          "a checkpoint is HEIGHT:CID, such as 1200:bafyrei..., not '" + text + "'");
    }
    return new Checkpoint(Long.parseLong(height), Cid.parse(text.substring(colon + 1)));
  }

  /// `HEIGHT:CID`.
  @Override
  public String toString() {
    return height + ":" + block;
  }
}
