package dev.cairn.core.consensus;

import dev.cairn.core.block.Block;
import dev.cairn.machine.Machine;
import dev.cairn.multiformats.Cid;
import java.util.Optional;

/// Decides which block comes next and when it is final. The chain spec names the engine.
///
/// An engine is a [Machine]: it holds no thread, clock, socket, disk or randomness, and the same
/// inputs at the same times give the same effects. It knows blocks by their headers and never looks
/// at a transaction; the ledger executes, the mempool selects, the network carries, and the peer
/// machine that owns the engine translates between them. Effects must be carried out in the order
/// in which they come; the consumer must not call the engine from inside `step` (queue what answers
/// an effect and step it afterwards).
///
/// ## A node's life
///
/// 1. [EngineInput.Started] with the tip of the chain store and all records of the vote log.
/// 2. A node that may make blocks is asked for one by [EngineEffect.Build], with the parent, the
///    time, the engine's header tuple and the seal. The ledger answers [EngineInput.Built] (and has
///    executed the block) or [EngineInput.NothingToBuild].
/// 3. The engine sends the block by [EngineEffect.BroadcastBlock] with a seal of its own making. It
///    reaches other nodes as [EngineInput.BlockReceived].
/// 4. A block that could matter is executed on request: [EngineEffect.Check], answered by
///    [EngineInput.Checked]. A parent is always checked before its child.
/// 5. Messages between engines are opaque bytes: [EngineEffect.Broadcast] here,
///    [EngineInput.MessageReceived] there. Each block and each message from outside gets one
///    [EngineEffect.Judged] in the same step; only what is accepted is passed on by the network.
/// 6. [EngineEffect.Head] says on what transactions should run from now on,
///    [EngineEffect.Finalized] what can no longer change. An engine without absolute finality emits
///    Finalized at the depth that its chain spec calls final.
///
/// ## What every engine promises
///
/// - **Agreement**: two engines never finalize blocks of which neither descends from the other, as
///   long as the engine's own assumption on faulty weight or work holds, through crashes at any
///   effect, as long as persisted records come back.
/// - **Persist before send**: whatever a peer could hold this node to is in an
///   [EngineEffect.Persist] before the effect that sends it. After a restart a repeat sends the
///   stored bytes.
/// - **Quiet**: with nothing pending no message is sent and no deadline is set, except for the
///   chain spec's longest silence between two blocks and while something sent is not final yet.
/// - **Bounded**: memory depends on the engine's limits, never on what others send.
/// - **Judged by content**: a Reject blames the sender for something no honest node sends, whatever
///   its state; all else is Ignore.
///
/// ## Header rules that an engine checks before it supports a block
///
/// The height is the parent's plus one; the time is strictly above the parent's, and at most
/// [#AHEAD_MILLIS_MAX] ahead of the local clock or else the least that is above the parent's (a
/// block that is certified ignores local clocks); the consensus tuple and the seal are what the
/// engine's own document says. Everything else (transactions, roots, sizes) is the ledger's.
///
/// ## Writing another engine
///
/// Proof of work, or authorities that take turns, need no vote log: they emit no Persist and ignore
/// the records. An engine whose seal is in the header sends blocks with an empty seal. An engine
/// that may switch branches emits Head for the heaviest one it has checked.
public interface Engine extends Machine<EngineInput, EngineEffect> {

  /// How far ahead of the local clock a block's time may be for a node to support it, in
  /// milliseconds.
  long AHEAD_MILLIS_MAX = 500;

  /// A block that is not final yet and that the engine holds, to serve it to others.
  Optional<Block> block(Cid id);
}
