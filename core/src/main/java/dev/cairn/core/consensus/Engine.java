package dev.cairn.core.consensus;

import dev.cairn.core.block.Block;
import dev.cairn.machine.Machine;
import dev.cairn.multiformats.Cid;
import java.util.List;
import java.util.Optional;

/// Decides which block comes next and when it is final. The chain spec names the engine.
///
/// An engine is a [Machine]: it holds no thread, clock, socket, disk or randomness, and the same
/// inputs at the same times give the same effects. It knows blocks by their headers and never looks
/// at a transaction. Its owner, the [dev.cairn.core.peer.PeerMachine], carries the effects out: the
/// ledger executes, the mempool selects, the network carries. Whoever writes an engine needs this
/// page, the two lists of messages [EngineInput] and [EngineEffect], and the sample: proof of
/// authority in turns, in `core/src/test/java/dev/cairn/core/consensus/authority`.
///
/// ## How it is driven
///
/// - [EngineInput.Started] comes first, once, with the newest final block and what the vote log
///   holds. Then inputs come in any order, one at a time, from one thread.
/// - `step` hands its effects to a consumer that notes them or carries them out at once; what
///   answers an effect comes as a later `step`, never from inside this one.
/// - Effects are carried out in the order in which they were handed out. What is durable (a record
///   of [EngineEffect.Persist], a block of [EngineEffect.Finalized]) is so before any later effect
///   leaves the node.
/// - `tick` comes at `deadlineNanos` or any time before or after it; the deadline is read again
///   after each call. Header times are wall time, [dev.cairn.machine.Now#wallMillis], all waiting
///   is monotonic time.
/// - A node stops without a word. What comes back is what was durable, and possibly more of what
///   was persisted last.
///
/// ## What answers what
///
/// | effect | answered by |
/// |---|---|
/// | [EngineEffect.Build] | [EngineInput.Built] or [EngineInput.NothingToBuild]; one open at a time |
/// | [EngineEffect.Check] | [EngineInput.Checked]; the parent was checked or is final |
/// | [EngineEffect.RequestBlock] | [EngineInput.BlockReceived], perhaps; ask again until it came |
/// | [EngineEffect.Behind] | [EngineInput.Synced], as blocks come that are final |
/// | [EngineEffect.BroadcastBlock] | nothing here; [EngineInput.BlockReceived] at other nodes |
/// | [EngineEffect.Broadcast] | nothing here; [EngineInput.MessageReceived] at other nodes |
///
/// And the other way: each [EngineInput.BlockReceived] and [EngineInput.MessageReceived] gets
/// exactly one [EngineEffect.Judged], in the same step. What is accepted is passed on to other
/// peers, what is rejected counts against its sender. A block may be judged by its header alone,
/// before it is executed.
///
/// ## The life of a block
///
/// 1. [EngineInput.Pending] says that transactions wait, or the longest silence is over, and it is
///    this node's turn: the engine asks for a block with [EngineEffect.Build], giving the parent,
///    the time, its own tuple for the header, and what makes the seal. A block that comes back was
///    executed.
/// 2. The engine persists what binds it to the block, then sends it.
/// 3. Elsewhere the engine judges it, has it executed with [EngineEffect.Check], and supports it in
///    its own way: by votes, by building on it.
/// 4. [EngineEffect.Head] says on what transactions should run from now on. The head may move to
///    another branch, and it may be one block for long while it is not final.
/// 5. [EngineEffect.Finalized] ends it: the block and its ancestors are written to the chain store
///    and can never change. With it comes the **certificate**, if the engine has such a thing.
///
/// ## Certificates
///
/// A certificate is one CBOR item that proves to anybody, by [SealVerifier] alone, that a block is
/// final. It travels beside the block. A node that is handed a block with a good certificate
/// executes and stores it without asking the engine, which hears [EngineInput.Synced]; nodes that
/// were away fetch ranges of blocks by them, and light clients (spec/light.md) need them. So an
/// engine must not certify what a correct node would not execute: a node that finds such a block
/// stops. An engine without certificates gives an empty one, its verifier answers Ignore, and it
/// fetches what it lacks block by block; beyond that its verifier can have [BranchRules], by which
/// the branch that weighs most is found from headers and then fetched in ranges.
///
/// ## What every engine promises
///
/// - **Agreement**: two engines never finalize blocks of which neither descends from the other, as
///   long as the engine's own assumption on faulty weight or work holds, through crashes at any
///   effect.
/// - **Persist before send**: whatever a peer could hold this node to is in an
///   [EngineEffect.Persist], or final, before the effect that sends it. After a restart a repeat
///   sends the stored bytes.
/// - **Progress**: messages get lost and nodes stop; while as many are up as the engine needs, it
///   goes on within a bound once messages arrive again. What others may lack is sent again, with
///   growing pauses.
/// - **Quiet**: with nothing pending no message is sent and no deadline is set, except for the
///   chain spec's longest silence between two blocks and while something sent is not final yet (a
///   miner makes blocks at its chain's interval, always).
/// - **Bounded**: memory depends on the engine's limits, never on what others send.
/// - **Judged by content**: a Reject blames the sender for something no honest node sends, whatever
///   its state; all else is Ignore. What is late, early or not understood yet is Ignore.
///
/// ## Header rules that an engine checks before it supports a block
///
/// The height is the parent's plus one; the time is strictly above the parent's (unless the chain
/// spec's engine says that times need not rise), and at most [#AHEAD_MILLIS_MAX] ahead of the local
/// clock or else the least that is above the parent's (a block that is certified ignores local
/// clocks, and proof of work has a wider bound of its own); the consensus tuple and the seal are
/// what the engine's own document says. Everything else (transactions, roots, sizes) is the
/// ledger's: it is what Check is for.
///
/// ## Adding an engine
///
/// 1. A class that implements this interface, for nodes that make blocks and for those that follow,
///    and a [SealVerifier].
/// 2. A record of its parameters that implements [dev.cairn.core.chainspec.ExtensionParams]: the
///    name in a chain spec, who is in the genesis state, the genesis header's tuple, the canonical
///    encoding, what stands in the chain spec's file, and how a node makes the engine.
/// 3. An [EngineProvider] that reads these parameters. In a jar that provides it, by its
///    `module-info` and by `META-INF/services`, beside the program's own jars it is found, and a
///    chain spec can name the engine.
/// 4. A document in `spec/` with its tuple, seal and messages.
/// 5. Tests: transcripts of inputs and effects, and peers in virtual time with crashes and lost
///    messages, as the sample has them, and the simulator's storms.
///
/// An engine whose seal takes long to find, as a proof of work does, asks for an
/// [EngineEffect.Template] and has somebody else [EngineEffect.Mine]. One that may switch branches
/// emits Head for the heaviest one that it has checked, and persists blocks that are not final,
/// which would be lost if all nodes stopped at once.
public interface Engine extends Machine<EngineInput, EngineEffect> {

  /// How far ahead of the local clock a block's time may be for a node to support it, in
  /// milliseconds.
  long AHEAD_MILLIS_MAX = 500;

  /// A block that is not final yet and that the engine holds, to serve it to others.
  Optional<Block> block(Cid id);

  /// What the engine holds now, each with its limit, so that the promise to be bounded can be
  /// watched; empty where an engine does not say.
  default List<Holding> holdings() {
    return List.of();
  }

  /// How far the validators have come in agreeing, for people; empty for an engine without
  /// validators, or one that has not been started.
  default Optional<ConsensusView> consensus() {
    return Optional.empty();
  }
}
