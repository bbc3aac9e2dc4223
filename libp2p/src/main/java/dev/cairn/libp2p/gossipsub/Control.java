package dev.cairn.libp2p.gossipsub;

import java.util.List;

/// The control part of an RPC (gossipsub v1.0 "Control Messages", v1.1 backoff, v1.2 IDONTWANT).
public record Control(
    List<IHave> ihave,
    List<MessageId> iwant,
    List<String> graft,
    List<Prune> prune,
    List<MessageId> idontwant) {

  public static final Control NONE =
      new Control(List.of(), List.of(), List.of(), List.of(), List.of());

  /// Messages of a topic that the sender can give.
  public record IHave(String topic, List<MessageId> ids) {
    public IHave {
      ids = List.copyOf(ids);
    }
  }

  /// @param backoffSeconds how long the receiver must not graft again; 0 when it was not said
  public record Prune(String topic, long backoffSeconds) {}

  public Control {
    ihave = List.copyOf(ihave);
    iwant = List.copyOf(iwant);
    graft = List.copyOf(graft);
    prune = List.copyOf(prune);
    idontwant = List.copyOf(idontwant);
  }

  public boolean isEmpty() {
    return ihave.isEmpty()
        && iwant.isEmpty()
        && graft.isEmpty()
        && prune.isEmpty()
        && idontwant.isEmpty();
  }

  /// Whether nothing but gossip is in it: what may be lost without harm to a mesh.
  boolean isGossip() {
    return graft.isEmpty() && prune.isEmpty();
  }
}
