package dev.cairn.core.consensus.simplex;

import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.core.consensus.simplex.Statement.Finalize;
import dev.cairn.core.consensus.simplex.Statement.Notarize;
import dev.cairn.core.consensus.simplex.Statement.Skip;
import dev.cairn.multiformats.Cid;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.tuweni.bytes.Bytes;

/// Effects as short lines of text.
final class Transcript {

  private final Map<Cid, String> names = new LinkedHashMap<>();

  /// Gives a block a name of its own instead of the end of its id.
  void name(Cid id, String name) {
    names.put(id, name);
  }

  String line(EngineEffect effect) {
    return switch (effect) {
      case EngineEffect.Build b ->
          "build slot "
              + b.slot()
              + " on "
              + name(b.parent())
              + (b.emptyWanted() ? " even empty" : "");
      case EngineEffect.Check c -> "check " + name(c.block().id());
      case EngineEffect.Persist p -> "persist " + entry(p.entry());
      case EngineEffect.Broadcast b ->
          (b.again() ? "resend " : "send ") + line(Message.decode(b.message().toArrayUnsafe()));
      case EngineEffect.BroadcastBlock b ->
          (b.again() ? "resend " : "send ")
              + name(b.block().id())
              + " with "
              + line(Message.decode(b.seal().toArrayUnsafe()));
      case EngineEffect.Judged j -> "judge " + j.verdict();
      case EngineEffect.Head h -> "head " + name(h.block());
      case EngineEffect.Finalized f -> "final " + name(f.block());
      case EngineEffect.RequestBlock r -> "request " + name(r.block()) + " of " + r.peer();
      case EngineEffect.Behind b -> "behind " + b.peer();
      case EngineEffect.Misbehaviour m -> "misbehaviour " + evidence(m.evidence());
      case EngineEffect.Prune p -> "prune " + p.epoch() + "/" + p.slot();
      case EngineEffect.Template _, EngineEffect.Mine _, EngineEffect.StopMining _ -> "mine";
    };
  }

  private String evidence(Bytes encoded) {
    Evidence evidence = Evidence.decode(encoded);
    return line(evidence.first()) + " and " + line(evidence.second());
  }

  private String entry(VoteRecord entry) {
    return switch (entry.kind()) {
      case VOTE -> line(Vote.decode(entry.content().toArrayUnsafe()));
      case CANDIDATE -> line(CandidateRecord.decode(entry.content()).proposal());
      case CERTIFICATE -> line(Certificate.decode(entry.content().toArrayUnsafe()));
      case FLOOR -> "floor " + entry.slot();
    };
  }

  String line(Message message) {
    return switch (message) {
      case Proposal p -> "proposal " + p.slot() + " upon " + p.parentSlot() + " " + name(p.block());
      case Vote v -> line(v.statement()) + " by " + v.voter();
      case Certificate c -> line(c.statement()) + " by all of " + c.signers();
    };
  }

  private String line(Statement statement) {
    return switch (statement) {
      case Notarize n -> "notarize " + n.slot() + " " + name(n.block());
      case Skip s -> "skip " + s.slot();
      case Finalize f -> "finalize " + f.slot() + " " + name(f.block());
    };
  }

  private String name(Cid id) {
    String text = id.toString();
    return names.getOrDefault(id, text.substring(text.length() - 6));
  }
}
