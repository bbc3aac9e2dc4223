package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Verdict;
import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.ConsensusView;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.EngineInput;
import dev.cairn.core.consensus.Holding;
import dev.cairn.core.consensus.Origin;
import dev.cairn.core.consensus.Tip;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// The Simplex engine: B. Chan and R. Pass, "Simplex Consensus" (IACR eprint 2023/463), with votes
/// to notarize, skip and finalize, as spec/consensus.md sets it out.
///
/// A slot's leader proposes a block; validators with a quorum of the stake notarize it, whereupon
/// the next slot begins, and finalize it unless they skipped the slot. With one validator the same
/// steps all happen at once, inside the step that takes the block that was made.
///
/// A node without a key, or whose key is not in the epoch's set, is an observer: it verifies votes
/// and certificates, follows, and sends nothing.
public final class SimplexEngine implements Engine {

  /// Messages of the next epoch that are kept while the last block of this one is on its way.
  static final int EARLY_MAX = 256;

  /// Finalized slots after which the vote log is told what it may drop.
  static final int PRUNE_SLOTS = 64;

  private static final Verdict LATER = Verdict.ignore("of a later epoch");

  private final SimplexRules rules;
  private final SimplexTiming timing;
  private final @Nullable Signer key;
  private final VoteRules votes;
  private final boolean silent;
  private @Nullable Running running;

  private SimplexEngine(
      SimplexRules rules,
      SimplexTiming timing,
      @Nullable Signer key,
      VoteRules votes,
      boolean silent) {
    this.votes = votes;
    this.silent = silent;
    this.rules = rules;
    this.timing = timing;
    this.key = key;
  }

  /// The engine of a node that votes with this key in the epochs whose set has it.
  public static SimplexEngine validator(SimplexRules rules, SimplexTiming timing, Signer key) {
    return validator(rules, timing, key, VoteRules.STANDARD);
  }

  /// Such an engine with other rules of voting, for a simulation that shows what they are for.
  public static SimplexEngine validator(
      SimplexRules rules, SimplexTiming timing, Signer key, VoteRules votes) {
    return new SimplexEngine(rules, timing, key, votes, false);
  }

  /// The engine of a validator that is silent until [EngineInput.Voting] allows the key's use.
  public static SimplexEngine silentValidator(
      SimplexRules rules, SimplexTiming timing, Signer key) {
    return new SimplexEngine(rules, timing, key, VoteRules.STANDARD, true);
  }

  /// The engine of a node that only follows.
  public static SimplexEngine observer(SimplexRules rules, SimplexTiming timing) {
    return new SimplexEngine(rules, timing, null, VoteRules.STANDARD, false);
  }

  @Override
  public void step(EngineInput input, Now now, Consumer<? super EngineEffect> out) {
    if (input instanceof EngineInput.Started started) {
      if (running != null) {
        throw new IllegalStateException("the engine was started already");
      }
      running = new Running(started, now);
      out.accept(new EngineEffect.Head(started.tip().block()));
    }
    started().take(input, now, out);
    started().advance(now, out);
  }

  @Override
  public void tick(Now now, Consumer<? super EngineEffect> out) {
    if (running != null) {
      running.timers(now, out);
      running.advance(now, out);
    }
  }

  @Override
  public long deadlineNanos() {
    return running == null ? Long.MAX_VALUE : running.deadlineNanos;
  }

  @Override
  public Optional<Block> block(Cid id) {
    return running == null ? Optional.empty() : running.situation.tree().block(id);
  }

  @Override
  public List<Holding> holdings() {
    return running == null
        ? List.of()
        : List.of(
            new Holding("blocks", running.situation.tree().size(), BlockTree.BLOCKS_MAX),
            new Holding("blocks asked for", running.fetches.size(), Fetches.FETCHES_MAX),
            new Holding("messages of the next epoch", running.early.size(), EARLY_MAX),
            new Holding(
                "slots above the frontier",
                running.situation.instance().from(running.situation.instance().frontier()).size(),
                Intake.CERTIFICATES_AHEAD_MAX));
  }

  @Override
  public Optional<ConsensusView> consensus() {
    return Optional.ofNullable(running)
        .map(r -> Survey.of(r.situation, r.keyUse.self(r.situation), r.voting != null));
  }

  private Running started() {
    if (running == null) {
      throw new IllegalStateException("the engine has not been started");
    }
    return running;
  }

  /// The engine once it knows where it stands.
  private final class Running {

    private final Situation situation;
    private final Fetches fetches = new Fetches(timing);
    private final Intake intake;
    private final Leading leading;
    private final Pace pace;
    private final KeyUse keyUse;
    private final List<Message> early = new ArrayList<>();
    private @Nullable Voting voting;
    private String lastPeer = "";
    private long behindAtNanos;
    private long prunedSlot;
    private long deadlineNanos = Long.MAX_VALUE;

    Running(EngineInput.Started started, Now now) {
      situation = new Situation(rules, timing, started.tip(), now);
      intake = new Intake(situation, fetches);
      leading = new Leading(situation);
      pace = new Pace(situation, now);
      keyUse = new KeyUse(key, votes, silent, started.records());
      behindAtNanos = now.nanos();
      enterEpoch();
    }

    /// Takes up the key's part in the present epoch, with what the vote log has of it.
    private void enterEpoch() {
      Instance instance = situation.instance();
      prunedSlot = 0;
      voting = keyUse.enterEpoch(situation);
      List<Message> kept = List.copyOf(early);
      early.clear();
      kept.stream()
          .filter(m -> m.epoch() == instance.epoch())
          .forEach(m -> intake.message(m, e -> {}));
    }

    void take(EngineInput input, Now now, Consumer<? super EngineEffect> out) {
      switch (input) {
        case EngineInput.Started s -> {}
        case EngineInput.Pending p -> situation.pending(p.waiting());
        case EngineInput.BlockReceived b -> judge(b.origin(), block(b, now, out), out);
        case EngineInput.MessageReceived m -> judge(m.origin(), message(m, now, out), out);
        case EngineInput.Built b -> {
          if (voting != null) {
            leading.built(b, voting, out);
          }
        }
        case EngineInput.NothingToBuild n -> leading.nothing(n.slot(), now);
        case EngineInput.Mined _, EngineInput.PeerSaid _, EngineInput.PeerLeft _ -> {}
        case EngineInput.Checked c -> situation.tree().checked(c.block(), c.verdict());
        case EngineInput.Voting v -> voting = keyUse.allow(v.allowed(), situation);
        case EngineInput.Synced s -> {
          if (s.tip().height() > situation.tree().tip().height() && situation.finalized(s.tip())) {
            enterEpoch();
          }
        }
      }
    }

    private void judge(Origin origin, Verdict verdict, Consumer<? super EngineEffect> out) {
      if (verdict.accepted()) {
        lastPeer = origin.peer();
      }
      out.accept(new EngineEffect.Judged(origin, verdict));
    }

    private Verdict block(
        EngineInput.BlockReceived input, Now now, Consumer<? super EngineEffect> out) {
      if (input.seal().isEmpty()) {
        return intake.block(input.block(), input.origin().peer());
      }
      try {
        Message seal = Message.decode(input.seal().toArrayUnsafe());
        Optional<Verdict> elsewhere = ofOtherEpoch(seal, input.origin().peer(), now, out);
        return elsewhere.isPresent()
            ? elsewhere.get()
            : intake.block(input.block(), seal, input.origin().peer(), out);
      } catch (MalformedException e) {
        return Verdict.reject("a malformed seal: " + e.getMessage());
      }
    }

    private Verdict message(
        EngineInput.MessageReceived input, Now now, Consumer<? super EngineEffect> out) {
      try {
        Message message = Message.decode(input.message().toArrayUnsafe());
        Optional<Verdict> elsewhere = ofOtherEpoch(message, input.origin().peer(), now, out);
        if (elsewhere.isPresent()) {
          return elsewhere.get();
        }
        Verdict verdict = intake.message(message, out);
        if (verdict instanceof Verdict.Ignore) {
          showSettled(message, now, out);
        }
        return verdict;
      } catch (MalformedException e) {
        return Verdict.reject("a malformed message: " + e.getMessage());
      }
    }

    /// The verdict on what belongs to another epoch; empty for the present one.
    private Optional<Verdict> ofOtherEpoch(
        Message message, String peer, Now now, Consumer<? super EngineEffect> out) {
      long present = situation.instance().epoch();
      if (message.epoch() == present) {
        return Optional.empty();
      }
      if (message.epoch() < present) {
        showSettled(message, now, out);
        return Optional.of(Verdict.ignore("of an epoch that is over"));
      }
      Optional<ValidatorSet> set = rules.set(message.epoch());
      if (message instanceof Certificate c
          && c.statement() instanceof Finalize
          && set.isPresent()
          && behindAtNanos <= now.nanos()
          && c.verify(set.get(), rules.voteDomain(c.epoch()), rules.signatures())) {
        behind(peer, now, out);
      }
      if (message.epoch() == present + 1 && early.size() < EARLY_MAX) {
        early.add(message);
      }
      return Optional.of(LATER);
    }

    /// Shows whoever still votes in a slot that is cleared here, or has an earlier block as its
    /// last final one, how it went on.
    private void showSettled(Message message, Now now, Consumer<? super EngineEffect> out) {
      Instance instance = situation.instance();
      boolean settled =
          message.epoch() < instance.epoch()
              || switch (message) {
                case Proposal p -> false;
                case Vote v -> v.slot() < instance.frontier();
                case Certificate c ->
                    c.statement() instanceof Finalize && c.slot() < instance.lastFinal().slot();
              };
      if (voting != null && !voting.alone() && settled && pace.showDue(now)) {
        Resend.all(situation, voting.self(), out);
      }
    }

    private void behind(String peer, Now now, Consumer<? super EngineEffect> out) {
      behindAtNanos = now.nanos() + timing.resendNanos(1);
      out.accept(new EngineEffect.Behind(peer));
    }

    void timers(Now now, Consumer<? super EngineEffect> out) {
      fetches.tick(now, out);
      if (voting == null) {
        return;
      }
      if (pace.skipDue(now)) {
        voting.skip(situation.instance().slot(situation.instance().frontier()), out);
      }
      if (pace.resendDue(now)) {
        Resend.all(situation, voting.self(), out);
      }
    }

    /// Draws every conclusion from what is known now, until there is none left.
    void advance(Now now, Consumer<? super EngineEffect> out) {
      boolean more;
      do {
        more = deliver(out);
        situation.tree().check(out);
        situation.moveHead(now, out);
        if (voting != null) {
          more |= voting.step(now, out) || leading.step(voting, now, out);
        }
      } while (more);
      if (situation.tree().crowded()) {
        situation.dropDeadBlocks();
      }
      fetches.update(missing(), now);
      Optional<String> ahead = situation.tree().behind();
      if (ahead.isPresent() && behindAtNanos <= now.nanos()) {
        behind(ahead.get(), now, out);
      }
      deadlineNanos = fetches.deadlineNanos();
      if (voting != null) {
        pace.update(voting, leading, now);
        deadlineNanos = Math.min(deadlineNanos, pace.deadlineNanos(voting, leading, now));
      }
    }

    /// Blocks that certificates or held blocks name and that are not here.
    private List<BlockTree.Missing> missing() {
      List<BlockTree.Missing> missing = situation.tree().missing();
      List<Cid> named = new ArrayList<>();
      for (Certificate c : situation.instance().undelivered().values()) {
        if (c.statement() instanceof Finalize f) {
          named.add(f.block());
        }
      }
      named.add(situation.instance().base().block());
      for (Cid id : named) {
        if (!situation.tree().holds(id) && !id.equals(Instance.NOWHERE)) {
          missing.add(new BlockTree.Missing(id, lastPeer));
        }
      }
      return missing;
    }

    /// Hands out what is certified to be final and valid here; true when that was something.
    private boolean deliver(Consumer<? super EngineEffect> out) {
      BlockTree tree = situation.tree();
      for (Certificate certificate : situation.instance().undelivered().values()) {
        Cid id = ((Finalize) certificate.statement()).block();
        if (tree.invalid(id)) {
          throw new IllegalStateException(
              "the chain's validators made block " + id + " final, which is invalid here");
        }
        Optional<Block> block = tree.block(id);
        if (block.isPresent() && tree.valid(id)) {
          finalized(block.get(), certificate, out);
          return true;
        }
      }
      situation
          .instance()
          .undelivered()
          .values()
          .removeIf(c -> ((Finalize) c.statement()).block().equals(tree.tip().block()));
      return false;
    }

    private void finalized(
        Block block, Certificate certificate, Consumer<? super EngineEffect> out) {
      Bytes encoded = Bytes.wrap(certificate.encode());
      Tip tip = new Tip(block.id(), block.height(), block.header().time(), encoded);
      out.accept(new EngineEffect.Finalized(block.id(), encoded));
      if (voting != null) {
        if (voting.alone()) {
          out.accept(new EngineEffect.BroadcastBlock(block, encoded, false));
        } else if (situation.instance().leader(certificate.slot()) == voting.self()) {
          out.accept(new EngineEffect.Broadcast(encoded, false));
        }
        prune(certificate, block.height(), out);
      }
      if (situation.finalized(tip)) {
        enterEpoch();
      }
    }

    private void prune(Certificate certificate, long height, Consumer<? super EngineEffect> out) {
      if (rules.lastOfEpoch(height) || certificate.slot() >= prunedSlot + PRUNE_SLOTS) {
        prunedSlot = certificate.slot();
        out.accept(new EngineEffect.Prune(certificate.epoch(), certificate.slot()));
      }
    }
  }
}
