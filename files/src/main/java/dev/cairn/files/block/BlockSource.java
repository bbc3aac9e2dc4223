package dev.cairn.files.block;

import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.util.List;

/// Where blocks are read from: a store, or the network behind one. Every method may be called from
/// any thread.
@FunctionalInterface
public interface BlockSource {

  /// The block, whose content is what its CID names: whoever implements this has checked it, so
  /// that it is hashed once.
  ///
  /// @throws BlockMissingException when no one has it
  /// @throws IOException when it cannot be had for another reason, such as a deadline
  Block get(Cid cid) throws IOException;

  /// Says that these are wanted next, in this order. A source for which waiting is long starts to
  /// fetch them; returns at once, and failures show in [#get].
  default void prefetch(List<Cid> cids) {}

  /// Gives back the content of a block that [#get] returned, when its caller alone has had it and
  /// is done with it. A source that uses arrays again overrides this; it then never gives out an
  /// array that it, or anybody else, still reads.
  default void done(byte[] content) {}

  /// What is here, without a network. A CID that holds its content (identity hash) is always here.
  static BlockSource of(Blocks blocks) {
    return cid ->
        Block.inline(cid)
            .or(() -> blocks.get(cid).map(bytes -> Block.trusted(cid, bytes)))
            .orElseThrow(() -> new BlockMissingException(cid));
  }
}
