package dev.cairn.node.chain;

import dev.cairn.core.peer.PeerEffect;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.peer.PeerId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// What the peer machine asks of the network. Called on the machine's thread; nothing here blocks.
final class ChainNetwork implements AutoCloseable {

  /// Broken rules after which a peer is let go, counted while it is connected.
  private static final int PENALTIES_MAX = 8;

  private static final Logger LOG = System.getLogger(ChainNetwork.class.getName());

  private final Host host;
  private final ChainGossip gossip;
  private final ChainStreams streams;
  private final VoteStreams votes;
  private final ConcurrentHashMap<String, Integer> penalties = new ConcurrentHashMap<>();
  private Consumer<PeerInput> submit = input -> {};

  /// @param chain the chain's short name
  ChainNetwork(Host host, String chain, ChainGossip gossip, ChainStreams streams) {
    this.host = host;
    this.gossip = gossip;
    this.streams = streams;
    this.votes = new VoteStreams(host, chain, new Straight(), gossip::republishVote);
  }

  /// What comes straight from validators is judged as if it had come by gossip.
  private final class Straight implements VoteStreams.Receiver {
    @Override
    public void take(PeerId from, byte[] message, Set<PeerId> served) throws InterruptedException {
      gossip.straight(from, message, served);
    }

    @Override
    public void misbehaved(PeerId from, String reason) {
      penalize(from.toString(), reason);
    }
  }

  /// Joins the topics and serves the streams.
  ///
  /// @param offer takes gossip, and refuses it when the machine has too much to do
  /// @param submit takes what must not be lost
  void attach(Predicate<PeerInput> offer, Consumer<PeerInput> submit) {
    this.submit =
        input -> {
          if (input instanceof PeerInput.PeerGone gone) {
            penalties.remove(gone.peer());
          }
          submit.accept(input);
        };
    streams.start(this.submit);
    gossip.start(offer);
  }

  void gossip(PeerEffect.GossipTransactions effect) {
    gossip.publish(effect);
  }

  void gossip(PeerEffect.GossipBlock effect) {
    gossip.publish(effect);
  }

  void gossip(PeerEffect.GossipVote effect) {
    gossip.publish(effect, votes.send(effect.message().toArrayUnsafe()));
  }

  VoteStreams votes() {
    return votes;
  }

  void report(PeerEffect.Report effect) {
    gossip.report(effect);
  }

  void requestStatus(String peer) {
    streams.requestStatus(peer, submit);
  }

  void requestBlocks(PeerEffect.RequestBlocks effect) {
    streams.requestBlocks(effect, submit);
  }

  void penalize(String peer, String reason) {
    LOG.log(Level.INFO, () -> "peer " + peer + " broke the rules: " + reason);
    if (penalties.merge(peer, 1, Integer::sum) >= PENALTIES_MAX) {
      disconnect(peer, "it broke the rules " + PENALTIES_MAX + " times, at last: " + reason);
    }
  }

  void disconnect(String peer, String reason) {
    LOG.log(Level.INFO, () -> "letting peer " + peer + " go: " + reason);
    Thread.ofVirtual().start(() -> host.disconnect(PeerId.parse(peer), reason));
  }

  int undecidedMessages() {
    return gossip.undecided();
  }

  @Override
  public void close() {
    votes.close();
    gossip.close();
    streams.close();
  }
}
