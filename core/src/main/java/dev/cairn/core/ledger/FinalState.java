package dev.cairn.core.ledger;

import dev.cairn.core.Hash;
import dev.cairn.core.block.Header;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateProof;
import dev.cairn.core.state.StateTree;
import dev.cairn.multiformats.Cid;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The state after the last final block, as the store has it.
record FinalState(Header header, StateTree tree, ChainStore store) implements View {

  @Override
  public Optional<Bytes> get(StateKey key) {
    return store.value(key.bytes());
  }

  @Override
  public Cid block() {
    return header.id();
  }

  @Override
  public long height() {
    return header.height();
  }

  @Override
  public long time() {
    return header.time();
  }

  @Override
  public Hash stateRoot() {
    return tree.root();
  }

  @Override
  public StateProof prove(StateKey key) {
    return tree.prove(key);
  }
}
