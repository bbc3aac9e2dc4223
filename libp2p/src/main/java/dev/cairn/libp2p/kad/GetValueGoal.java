package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the best value of a key among a quorum, and afterwards tells it to those who had a worse
/// one, or none although they are the nearest (kad-dht, "Value retrieval").
final class GetValueGoal implements Goal {

  private final RecordStore records;
  private final KadMessage question;
  private final int quorum;
  private final int replicas;
  private final Map<PeerId, KadRecord> held = new LinkedHashMap<>();
  private Optional<KadRecord> best;
  private Optional<PeerId> first = Optional.empty();
  private int values;

  /// @param local the value that this node keeps itself, which counts for one
  GetValueGoal(
      KadKey key, Optional<KadRecord> local, RecordStore records, int quorum, int replicas) {
    this.records = records;
    this.question = KadMessage.ask(KadMessage.Type.GET_VALUE, key);
    this.quorum = quorum;
    this.replicas = replicas;
    this.best = local;
    this.values = local.isPresent() ? 1 : 0;
  }

  @Override
  public KadMessage question() {
    return question;
  }

  @Override
  public boolean heard(PeerAddresses from, KadMessage answer, Step step) {
    Optional<KadRecord> record = answer.record();
    if (record.isEmpty()) {
      return false;
    }
    Optional<String> fault =
        record.get().key().equals(question.key())
            ? records.fault(record.get(), step.now().wallMillis())
            : Optional.of("a record of another key");
    if (fault.isPresent()) {
      step.emit(new KadEffect.Misled(from.peer(), fault.get()));
      return false;
    }
    held.put(from.peer(), record.get());
    values++;
    if (best.isEmpty() || records.better(best.get(), record.get())) {
      best = record;
      first = Optional.of(from.peer());
    }
    return values >= quorum;
  }

  @Override
  public List<Sending> after(Lookup lookup, boolean complete) {
    if (best.isEmpty()) {
      return List.of();
    }
    KadMessage put = KadMessage.put(KadRecord.of(question.key(), best.get().shared()));
    List<Sending> corrections = new ArrayList<>();
    for (PeerAddresses peer : lookup.closest(complete ? replicas : Integer.MAX_VALUE)) {
      KadRecord has = held.get(peer.peer());
      boolean lacks = has == null ? complete : !has.sameValue(best.get());
      if (lacks && corrections.size() < replicas) {
        corrections.add(new Sending(peer, put));
      }
    }
    return corrections;
  }

  @Override
  public KadResult result(Lookup lookup, int taken, Step step) {
    return new KadResult.Value(best);
  }

  @Override
  public int hops(Lookup lookup) {
    return first.map(lookup::hops).orElse(0);
  }
}
