package dev.cairn.node.chain;

import dev.cairn.core.Verdict;
import dev.cairn.core.peer.PeerEffect;
import dev.cairn.core.peer.PeerInput;
import dev.cairn.core.peer.PeerIntake;
import dev.cairn.core.peer.TransactionsMessage;
import dev.cairn.libp2p.gossipsub.GossipMessage;
import dev.cairn.libp2p.gossipsub.Gossipsub;
import dev.cairn.libp2p.gossipsub.Subscription;
import dev.cairn.libp2p.gossipsub.TopicParams;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.MalformedException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;

/// The chain's topics: what arrives is decoded and its signatures checked on the verifier's
/// threads, then handed to the peer machine under a token; the machine's verdict on the token goes
/// back to gossipsub, which forwards what was accepted.
final class ChainGossip implements AutoCloseable {

  private static final Logger LOG = System.getLogger(ChainGossip.class.getName());

  private final Gossipsub gossipsub;
  private final Topics topics;
  private final PeerIntake intake;
  private final Verifier verifier;
  private final AtomicLong nextToken = new AtomicLong();

  /// Messages whose verdict is not known yet; bounded by the queues of topics, verifier and
  /// machine.
  private final ConcurrentHashMap<Long, GossipMessage> undecided = new ConcurrentHashMap<>();

  private final List<Subscription> subscriptions = new ArrayList<>();

  ChainGossip(Gossipsub gossipsub, Topics topics, PeerIntake intake, Verifier verifier) {
    this.gossipsub = gossipsub;
    this.topics = topics;
    this.intake = intake;
    this.verifier = verifier;
  }

  private interface Reader {
    PeerInput read(long token, String from, byte[] data);
  }

  /// Subscribes to the topics; inputs go to `offer`, which says false when it is full.
  void start(Predicate<PeerInput> offer) {
    listen(topics.transactions(), intake::transactions, offer);
    listen(topics.blocks(), intake::block, offer);
    listen(
        topics.votes(),
        (token, from, data) -> new PeerInput.GossipedVote(token, from, Bytes.wrap(data)),
        offer);
  }

  private void listen(TopicParams topic, Reader reader, Predicate<PeerInput> offer) {
    Subscription subscription = gossipsub.subscribe(topic);
    subscriptions.add(subscription);
    Thread.ofVirtual().name("topic " + topic.topic()).start(() -> run(subscription, reader, offer));
  }

  private void run(Subscription subscription, Reader reader, Predicate<PeerInput> offer) {
    try {
      while (true) {
        GossipMessage message = subscription.take();
        if (!verifier.offer(() -> read(message, reader, offer))) {
          message.report(ignore("too many messages wait to be verified"));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, e::getMessage); // closed
    }
  }

  private void read(GossipMessage message, Reader reader, Predicate<PeerInput> offer) {
    long token = nextToken.incrementAndGet();
    undecided.put(token, message);
    try {
      PeerInput input = reader.read(token, message.propagatedFrom().toString(), message.data());
      if (!offer.test(input)) {
        decide(token, ignore("too many messages wait for the chain"));
      }
    } catch (MalformedException e) {
      decide(token, new dev.cairn.libp2p.gossipsub.Verdict.Reject(String.valueOf(e.getMessage())));
    }
  }

  void report(PeerEffect.Report report) {
    decide(
        report.token(),
        switch (report.verdict()) {
          case Verdict.Accept a -> dev.cairn.libp2p.gossipsub.Verdict.ACCEPT;
          case Verdict.Ignore(String reason) -> ignore(reason);
          case Verdict.Reject(String reason) ->
              new dev.cairn.libp2p.gossipsub.Verdict.Reject(reason);
        });
  }

  private void decide(long token, dev.cairn.libp2p.gossipsub.Verdict verdict) {
    GossipMessage message = undecided.remove(token);
    if (message != null) {
      message.report(verdict);
    }
  }

  private static dev.cairn.libp2p.gossipsub.Verdict ignore(String reason) {
    return new dev.cairn.libp2p.gossipsub.Verdict.Ignore(reason);
  }

  void publish(PeerEffect.GossipTransactions effect) {
    byte[] data = TransactionsMessage.encode(effect.transactions());
    publish(topics.transactions(), data, effect.again());
  }

  void publish(PeerEffect.GossipBlock effect) {
    publish(topics.blocks(), effect.message().encode(), effect.again());
  }

  /// @param served peers that were given the message another way
  void publish(PeerEffect.GossipVote effect, Set<PeerId> served) {
    gossipsub.publish(
        topics.votes().topic(), effect.message().toArrayUnsafe(), effect.again(), served);
  }

  /// Gossips a message of the engine after all, to everybody.
  void republishVote(byte[] message) {
    gossipsub.republish(topics.votes().topic(), message);
  }

  /// A message of the engine that a peer sent another way, to `served` as well.
  void voteArrived(PeerId from, byte[] message, Set<PeerId> served) throws InterruptedException {
    gossipsub.arrived(from, topics.votes().topic(), message, served);
  }

  private void publish(TopicParams topic, byte[] data, boolean again) {
    if (again) {
      gossipsub.republish(topic.topic(), data);
    } else {
      gossipsub.publish(topic.topic(), data);
    }
  }

  int undecided() {
    return undecided.size();
  }

  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
  }
}
