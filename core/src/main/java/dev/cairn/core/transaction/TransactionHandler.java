package dev.cairn.core.transaction;

import dev.cairn.core.Verdict;
import dev.cairn.core.state.StateView;
import dev.cairn.core.state.StateWriter;
import dev.cairn.multiformats.cbor.CborReader;
import java.util.Optional;

/// Reads and applies the payloads of one tag. Found by [java.util.ServiceLoader], so that a new
/// kind of transaction touches none of the others; a chain admits the tags that its chain spec
/// lists.
///
/// A handler has no state of its own and gives the same answer everywhere, always: every node of
/// the chain must come to the same state.
public interface TransactionHandler {

  /// The highest tag.
  int TAG_MAX = 65_535;

  /// The tag that it is for.
  int tag();

  /// A word for people and chain specs: `transfer`.
  String name();

  /// Reads what follows the tag.
  ///
  /// @param reader stands after the tag
  /// @param fields how many elements follow
  /// @throws dev.cairn.multiformats.MalformedException when they are not this payload
  Payload decode(CborReader reader, int fields);

  /// Applies the payload. The sender's nonce and fee are booked already.
  ///
  /// @return Accept, or Reject with the reason, and then whatever was written is taken back
  Verdict apply(Transaction transaction, StateWriter state, BlockContext block);

  /// Why the payload can never be valid, as every honest node with this state or a later one finds:
  /// whoever passes it on is at fault then. Empty, as ever, for what a state may refuse now and
  /// admit later, or another state admit.
  ///
  /// @param state a final one
  default Optional<String> forged(Transaction transaction, StateView state, BlockContext block) {
    return Optional.empty();
  }

  /// Whether the least fee does not hold for it. Only for what can be valid so seldom that nobody
  /// can fill blocks with it.
  default boolean free() {
    return false;
  }
}
