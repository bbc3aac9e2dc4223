package dev.cairn.files.bitswap;

import dev.cairn.multiformats.Cid;

/// One line of a want-list: a block that its sender wants, or no longer wants.
///
/// @param priority higher ones are served first
/// @param cancel revokes the want; the other fields then mean nothing
/// @param block whether the block itself is wanted, not just the word that it is there
/// @param sendDontHave whether to say that it is not there
public record Entry(Cid cid, int priority, boolean cancel, boolean block, boolean sendDontHave) {

  static Entry wantBlock(Cid cid) {
    return new Entry(cid, 1, false, true, true);
  }

  static Entry wantHave(Cid cid) {
    return new Entry(cid, 1, false, false, true);
  }

  static Entry cancel(Cid cid) {
    return new Entry(cid, 1, true, true, false);
  }
}
