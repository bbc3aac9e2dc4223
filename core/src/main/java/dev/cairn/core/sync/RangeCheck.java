package dev.cairn.core.sync;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.SealVerifier;
import java.util.List;
import java.util.Optional;

/// Verifies one answer by itself: heights without gaps, each block the parent of the next, every
/// certificate good, and one on the last block, which makes all of them final.
final class RangeCheck {

  private RangeCheck() {}

  /// Accept; Reject when only a liar can have sent it; Ignore when it cannot be verified yet.
  static Verdict check(RangeRequest range, List<BlockMessage> blocks, SealVerifier verifier) {
    if (blocks.isEmpty()) {
      return new Verdict.Reject("has none of the blocks that it claims from " + range.from());
    }
    if (blocks.size() > range.count()) {
      return new Verdict.Reject(blocks.size() + " blocks where " + range.count() + " were asked");
    }
    for (int i = 0; i < blocks.size(); i++) {
      Block block = blocks.get(i).block();
      if (block.height() != range.from() + i) {
        return new Verdict.Reject(
            "block of height " + block.height() + " in the place of " + (range.from() + i));
      }
      if (i > 0 && !block.parent().equals(Optional.of(blocks.get(i - 1).block().id()))) {
        return new Verdict.Reject(
            "block " + block.height() + " is not the child of the one before");
      }
    }
    if (!blocks.getLast().sealed()) {
      return new Verdict.Reject("no certificate on the last block");
    }
    // From the end: the last certificate is the one that everything hangs on.
    for (int i = blocks.size() - 1; i >= 0; i--) {
      BlockMessage message = blocks.get(i);
      if (message.sealed()) {
        Verdict verdict = verifier.verify(message.block().header(), message.seal());
        if (!(verdict instanceof Verdict.Accept)) {
          return verdict;
        }
      }
    }
    return new Verdict.Accept();
  }
}
