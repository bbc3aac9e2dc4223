package dev.cairn.core.consensus;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Header;
import dev.cairn.multiformats.Cid;
import java.math.BigInteger;

/// Judges branches of headers, for an engine whose blocks are final by what is built upon them and
/// not by certificates. With it a node that is far behind finds out which branch weighs most before
/// it fetches a block of it (spec/sync.md, "Headers first").
///
/// Owner: the thread of the peer machine, and so of each branch.
public interface BranchRules {

  /// Confirmations that make a block final, its own counted.
  int depth();

  /// The engine fetches what it lacks block by block up to so many heights between its final block
  /// and the final block of a peer; beyond, headers and ranges are fetched.
  long gap();

  /// An empty branch upon a final block of the chain store.
  Branch upon(long height, Cid block);

  /// A chain of headers, from the lowest up. Its memory does not grow with its length.
  interface Branch {

    /// Takes the next header. Accept: it follows. Reject: only a liar sends it here. Ignore: it
    /// cannot be told yet. What was not accepted was not taken.
    ///
    /// @param wallMillis the local time
    Verdict add(Header header, long wallMillis);

    /// What its headers weigh together; of two branches upon one block the greater one wins.
    BigInteger weight();
  }
}
