import org.jspecify.annotations.NullMarked;

/// The chain as pure logic: blocks, ledger, state, mempool, consensus and sync.
@NullMarked
module dev.cairn.core {
  requires static org.jspecify;
  requires transitive dev.cairn.crypto;
  requires transitive dev.cairn.machine;
  requires transitive dev.cairn.multiformats;
  requires transitive tuweni.bytes;

  exports dev.cairn.core.consensus;
}
