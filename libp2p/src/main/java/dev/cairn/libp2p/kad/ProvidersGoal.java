package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds who provides a key and tells of each at once.
///
/// One answer fills at most a quarter of what is wanted, so that a liar's list neither ends the
/// search nor takes all of it; what it told beyond that, and providers without an address, come at
/// the end if there is room.
final class ProvidersGoal implements Goal {

  private static final int SHARES = 4;

  private final KadMessage question;
  private final long operation;
  private final int max;
  private final Set<PeerId> told = new LinkedHashSet<>();
  private final Map<PeerId, PeerAddresses> spare = new LinkedHashMap<>();
  private int hops;

  /// @param local providers that this node knows itself
  ProvidersGoal(KadKey key, long operation, int max, List<PeerAddresses> local, Step step) {
    this.question = KadMessage.ask(KadMessage.Type.GET_PROVIDERS, key);
    this.operation = operation;
    this.max = max;
    local.forEach(provider -> take(provider, step));
  }

  @Override
  public KadMessage question() {
    return question;
  }

  boolean enough() {
    return told.size() >= max;
  }

  private void take(PeerAddresses provider, Step step) {
    if (!enough() && told.add(provider.peer())) {
      spare.remove(provider.peer());
      step.emit(new KadEffect.Found(operation, provider));
    }
  }

  @Override
  public boolean heard(PeerAddresses from, KadMessage answer, Step step) {
    int share = Math.max(1, max / SHARES);
    for (PeerAddresses provider : answer.providers()) {
      if (told.contains(provider.peer())) {
        continue;
      }
      if (share > 0 && !provider.addresses().isEmpty()) {
        share--;
        take(provider, step);
      } else if (spare.size() < max) {
        spare.put(provider.peer(), provider);
      }
    }
    return enough();
  }

  @Override
  public KadResult result(Lookup lookup, int taken, Step step) {
    List.copyOf(spare.values()).forEach(provider -> take(provider, step));
    return new KadResult.Complete();
  }

  @Override
  public int hops(Lookup lookup) {
    return hops;
  }

  /// Notes the way to the first answer that told of a provider.
  void led(int requests) {
    if (hops == 0 && !told.isEmpty()) {
      hops = requests;
    }
  }
}
