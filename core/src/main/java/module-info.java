import org.jspecify.annotations.NullMarked;

/// The chain as pure logic: blocks, ledger, state, mempool, consensus and sync.
@NullMarked
module dev.cairn.core {
  requires static org.jspecify;
  requires transitive dev.cairn.crypto;
  requires transitive dev.cairn.machine;
  requires transitive dev.cairn.multiformats;
  requires transitive tuweni.bytes;
  requires com.electronwill.nightconfig.core;
  requires com.electronwill.nightconfig.toml;

  exports dev.cairn.core;
  exports dev.cairn.core.block;
  exports dev.cairn.core.chainspec;
  exports dev.cairn.core.consensus;
  exports dev.cairn.core.consensus.pow;
  exports dev.cairn.core.consensus.simplex;
  exports dev.cairn.core.ledger;
  exports dev.cairn.core.light;
  exports dev.cairn.core.mempool;
  exports dev.cairn.core.peer;
  exports dev.cairn.core.presence;
  exports dev.cairn.core.staking;
  exports dev.cairn.core.state;
  exports dev.cairn.core.sync;
  exports dev.cairn.core.transaction;

  uses dev.cairn.core.consensus.EngineProvider;
  uses dev.cairn.core.transaction.TransactionHandler;

  provides dev.cairn.core.transaction.TransactionHandler with
      dev.cairn.core.transaction.TransferHandler,
      dev.cairn.core.transaction.PutHandler,
      dev.cairn.core.transaction.DeleteHandler,
      dev.cairn.core.staking.StakeHandler,
      dev.cairn.core.staking.UnstakeHandler,
      dev.cairn.core.consensus.simplex.EvidenceHandler;
}
