package dev.cairn.libp2p.kad;

/// Finds the peers nearest to a key.
final class ClosestGoal implements Goal {

  private final KadMessage question;
  private final int max;

  ClosestGoal(KadKey key, int max) {
    this.question = KadMessage.ask(KadMessage.Type.FIND_NODE, key);
    this.max = max;
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
  public KadResult result(Lookup lookup, int taken, Step step) {
    return new KadResult.Closest(lookup.closest(max));
  }
}
