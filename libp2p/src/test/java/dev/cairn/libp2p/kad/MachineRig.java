package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.peer.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// One machine, its time and what it has asked for.
final class MachineRig {

  static final PeerAddresses SELF = Kads.peer(0);

  final KadMachine machine;
  final KadCounts counts = new KadCounts();
  final List<KadEffect> effects = new ArrayList<>();
  long nanos;

  /// What happens after each tick of [#until]: nothing, unless a test answers there.
  Runnable afterTick = () -> {};

  MachineRig(KadParams params) {
    machine = new KadMachine(SELF.peer(), params, new SplittableRandom(1), counts, Kads.at(0));
    give(new KadInput.Listening(SELF.addresses()));
  }

  MachineRig() {
    this(KadParams.STANDARD);
  }

  void give(KadInput input) {
    machine.step(input, Kads.at(nanos), effects::add);
  }

  /// Lets time pass up to then, with a tick whenever the machine wants one.
  void until(long then) {
    while (machine.deadlineNanos() <= then) {
      nanos = Math.max(nanos, machine.deadlineNanos());
      machine.tick(Kads.at(nanos), effects::add);
      afterTick.run();
    }
    nanos = then;
  }

  /// What has come out since the last time, of one kind.
  <T extends KadEffect> List<T> drain(Class<T> kind) {
    List<T> found = effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    effects.removeIf(kind::isInstance);
    return found;
  }

  List<KadEffect.Request> requests() {
    return drain(KadEffect.Request.class);
  }

  /// A peer comes, is asked and answers, and so gets into the table.
  void meet(PeerAddresses peer) {
    give(new KadInput.Serves(peer, Kads.remote(peer)));
    for (KadEffect.Request request : requests()) {
      answer(request, List.of());
    }
  }

  void answer(KadEffect.Request request, List<PeerAddresses> closer) {
    answer(request, request.question().closer(closer));
  }

  void answer(KadEffect.Request request, KadMessage answer) {
    give(
        new KadInput.Answered(
            request.id(), Kads.remote(request.to()), request.to().addresses(), answer));
  }

  void fail(KadEffect.Request request) {
    give(new KadInput.Failed(request.id(), false, List.of()));
  }

  /// What the machine says to a question of a peer.
  Optional<KadMessage> ask(PeerAddresses from, KadMessage question) {
    give(new KadInput.Asked(1, from.peer(), Kads.remote(from), question));
    drain(KadEffect.NoAnswer.class);
    return drain(KadEffect.Answer.class).stream().findFirst().map(KadEffect.Answer::answer);
  }

  /// Whether it takes what gets no answer.
  boolean tell(PeerAddresses from, KadMessage message) {
    give(new KadInput.Asked(1, from.peer(), Kads.remote(from), message));
    return drain(KadEffect.NoAnswer.class).getFirst().reason().isEmpty();
  }

  List<PeerId> table() {
    return machine.peers().stream().map(PeerAddresses::peer).toList();
  }
}
