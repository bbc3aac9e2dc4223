package dev.cairn.core.consensus.authority;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Tip;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// Proof of authority in turns, the smallest engine: a sample for whoever writes another. One
/// authority alone may make the block of a height, so a block is final when it has been executed.
/// While that authority is down the chain waits; it never forks as long as no authority seals two
/// blocks of one height, or one that is against the rules. A crash is no such fault: an authority's
/// own block is final in its store before it is sent to anybody, so that nothing is persisted
/// besides. An engine that sends a block or a vote before that must persist it first.
final class AuthorityEngine implements Engine {

  /// Heights above the tip at which blocks are kept; what is higher comes by range sync.
  static final int AHEAD_MAX = 16;

  private static final long RETRY_NANOS = 1_000_000_000L;

  private final AuthorityRules rules;

  /// Null for a node that only follows.
  private final @Nullable Ed25519Key key;

  /// Blocks above the tip with good seals, by height.
  private final TreeMap<Long, Block> ahead = new TreeMap<>();

  private @Nullable Tip tip;
  private boolean transactionsWait;

  /// A question to the ledger is open: a Build or a Check.
  private boolean asked;

  private long retryNanos = Long.MIN_VALUE;
  private long deadlineNanos = Long.MAX_VALUE;

  AuthorityEngine(AuthorityRules rules, @Nullable Ed25519Key key) {
    this.rules = rules;
    this.key = key;
  }

  @Override
  public Optional<Block> block(Cid id) {
    return ahead.values().stream().filter(b -> b.id().equals(id)).findFirst();
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public void tick(Now now, Consumer<? super EngineEffect> out) {
    advance(Objects.requireNonNull(tip), now, out);
  }

  @Override
  public void step(EngineInput input, Now now, Consumer<? super EngineEffect> out) {
    if (input instanceof EngineInput.Started started) {
      tip = started.tip();
    }
    Tip last = Objects.requireNonNull(tip, "not started");
    switch (input) {
      case EngineInput.Started _ -> {}
      case EngineInput.Pending(boolean waiting) -> transactionsWait = waiting;
      case EngineInput.BlockReceived received ->
          out.accept(new EngineEffect.Judged(received.origin(), judge(received, last, now, out)));
      case EngineInput.MessageReceived message ->
          out.accept(
              new EngineEffect.Judged(
                  message.origin(), Verdict.reject("authorities send nothing but blocks")));
      case EngineInput.Built(long _, Block block) -> {
        asked = false;
        if (block.height() == last.height() + 1) {
          accept(block, out);
          out.accept(new EngineEffect.BroadcastBlock(block, Bytes.EMPTY, false));
        }
      }
      case EngineInput.NothingToBuild _ -> {
        asked = false;
        transactionsWait = false;
      }
      case EngineInput.Checked(Cid id, Verdict verdict) -> {
        asked = false;
        Optional<Block> block = block(id); // Gone if a range sync was faster.
        switch (verdict) {
          case Verdict.Accept _ -> block.ifPresent(b -> accept(b, out));
          case Verdict.Reject _ -> block.ifPresent(b -> ahead.remove(b.height()));
          case Verdict.Ignore _ -> retryNanos = now.nanos() + RETRY_NANOS;
        }
      }
      case EngineInput.Synced(Tip further) -> moveTo(further);
      case EngineInput.PeerSaid _, EngineInput.PeerLeft _ -> {}
      case EngineInput.Mined _, EngineInput.Voting _ -> {}
    }
    advance(tip, now, out);
  }

  private Verdict judge(
      EngineInput.BlockReceived received, Tip last, Now now, Consumer<? super EngineEffect> out) {
    Block block = received.block();
    String peer = received.origin().peer();
    if (block.height() <= last.height() || ahead.containsKey(block.height())) {
      return Verdict.ignore("known, or another of its height is");
    }
    // A block that was asked for comes with its certificate, one that is gossiped without.
    Bytes certificate = AuthorityRules.certificate(block.header());
    boolean beside = received.seal().isEmpty() || received.seal().equals(certificate);
    if (!beside || !rules.sealed(block.header())) {
      return Verdict.reject("not sealed by the authority whose turn it was");
    }
    if (block.header().time() > now.wallMillis() + AHEAD_MILLIS_MAX) {
      return Verdict.ignore("its time is too far ahead");
    }
    if (block.height() > last.height() + AHEAD_MAX) {
      out.accept(new EngineEffect.Behind(peer));
      return Verdict.ignore("too far ahead");
    }
    ahead.put(block.height(), block);
    if (block.height() > last.height() + 1 && !ahead.containsKey(block.height() - 1)) {
      out.accept(new EngineEffect.RequestBlock(block.parent().orElseThrow(), peer));
    }
    return Verdict.accept();
  }

  /// A block was executed upon the tip: it is final.
  private void accept(Block block, Consumer<? super EngineEffect> out) {
    Bytes certificate = AuthorityRules.certificate(block.header());
    out.accept(new EngineEffect.Head(block.id()));
    out.accept(new EngineEffect.Finalized(block.id(), certificate));
    moveTo(new Tip(block.id(), block.height(), block.header().time(), certificate));
  }

  private void moveTo(Tip next) {
    tip = next.height() > Objects.requireNonNull(tip).height() ? next : tip;
    transactionsWait = false;
    ahead.headMap(tip.height(), true).clear();
  }

  private boolean own(long height) {
    return key != null && rules.turn(height).key().equals(Bytes.wrap(key.publicKey()));
  }

  /// Executes the next block, or makes it when it is this node's turn.
  private void advance(Tip last, Now now, Consumer<? super EngineEffect> out) {
    long height = last.height() + 1;
    deadlineNanos = Long.MAX_VALUE;
    Block next = ahead.get(height);
    if (asked) {
      return;
    }
    if (next != null) {
      deadlineNanos = retryNanos;
      if (now.nanos() >= retryNanos) {
        asked = true;
        deadlineNanos = Long.MAX_VALUE;
        out.accept(new EngineEffect.Check(next, rules.turn(height).account()));
      }
    } else if (key != null && own(height)) {
      long silenceOver = last.timeMillis() + rules.silenceMillis();
      long at = transactionsWait ? last.timeMillis() + 1 : silenceOver;
      deadlineNanos = now.nanos() + Math.max(0, at - now.wallMillis()) * 1_000_000;
      if (now.wallMillis() >= at) {
        asked = true;
        deadlineNanos = Long.MAX_VALUE;
        out.accept(
            new EngineEffect.Build(
                height,
                last.block(),
                now.wallMillis(),
                rules.tuple(height),
                rules.turn(height).account(),
                AuthorityRules.sealer(rules.spec(), key),
                now.wallMillis() >= silenceOver));
      }
    }
  }
}
