package dev.cairn.libp2p.kad;

import java.util.List;

/// Sends a message to the peers nearest to its key: a record to keep, or that this node provides
/// something.
final class StoreGoal implements Goal {

  private final KadMessage message;
  private final KadMessage question;
  private final int replicas;
  private final Ending ending;

  /// Told how many took it, before whoever asked for it is.
  interface Ending {
    void taken(int peers, Step step);
  }

  /// @param replicas how many of the nearest get it: k
  StoreGoal(KadMessage message, int replicas, Ending ending) {
    this.message = message;
    this.question = KadMessage.ask(KadMessage.Type.FIND_NODE, message.key());
    this.replicas = replicas;
    this.ending = ending;
  }

  @Override
  public KadMessage question() {
    return question;
  }

  @Override
  public boolean heard(PeerAddresses from, KadMessage answer, Step step) {
    return false;
  }

  @Override
  public List<Sending> after(Lookup lookup, boolean complete) {
    return lookup.closest(replicas).stream().map(peer -> new Sending(peer, message)).toList();
  }

  @Override
  public boolean awaitsSending() {
    return true;
  }

  @Override
  public void abandoned(Step step) {
    ending.taken(0, step);
  }

  @Override
  public KadResult result(Lookup lookup, int taken, Step step) {
    ending.taken(taken, step);
    return new KadResult.Stored(taken);
  }
}
