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
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;

/// The chain's topics: what arrives is decoded and its signatures checked on the verifier's
/// threads, then handed to the peer machine under a token; the machine's verdict on the token goes
/// back to gossipsub, which forwards what was accepted. Votes, which are not looked into here, do
/// not wait behind transactions: they go to the machine at once.
final class ChainGossip implements AutoCloseable {

  private static final Logger LOG = System.getLogger(ChainGossip.class.getName());

  private final Gossipsub gossipsub;
  private final Topics topics;
  private final PeerIntake intake;
  private final Verifier verifier;
  private final AtomicLong nextToken = new AtomicLong();

  /// Whom to tell the verdict on messages that have none yet; bounded by the queues of topics,
  /// verifier and machine.
  private final ConcurrentHashMap<Long, Consumer<Verdict>> undecided = new ConcurrentHashMap<>();

  private final List<Subscription> subscriptions = new ArrayList<>();
  private final PassingOn passingOn = new PassingOn();
  private volatile Predicate<PeerInput> machine = input -> false;

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
    machine = offer;
    passingOn.start();
    listen(topics.transactions(), message -> verify(message, intake::transactions, offer));
    listen(topics.blocks(), message -> verify(message, intake::block, offer));
    listen(topics.votes(), message -> read(message, ChainGossip::vote, offer));
  }

  private static PeerInput vote(long token, String from, byte[] data) {
    return new PeerInput.GossipedVote(token, from, Bytes.wrap(data));
  }

  private void listen(TopicParams topic, Consumer<GossipMessage> taker) {
    Subscription subscription = gossipsub.subscribe(topic);
    subscriptions.add(subscription);
    Thread.ofVirtual().name("topic " + topic.topic()).start(() -> run(subscription, taker));
  }

  private void verify(GossipMessage message, Reader reader, Predicate<PeerInput> offer) {
    if (!verifier.offer(() -> read(message, reader, offer))) {
      message.report(ignore("too many messages wait to be verified"));
    }
  }

  private static void run(Subscription subscription, Consumer<GossipMessage> taker) {
    try {
      while (true) {
        taker.accept(subscription.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, e::getMessage); // closed
    }
  }

  private void read(GossipMessage message, Reader reader, Predicate<PeerInput> offer) {
    long token = nextToken.incrementAndGet();
    undecided.put(token, verdict -> message.report(inGossip(verdict)));
    try {
      hand(token, reader.read(token, message.propagatedFrom().toString(), message.data()), offer);
    } catch (MalformedException e) {
      decide(token, Verdict.reject(String.valueOf(e.getMessage())));
    }
  }

  private void hand(long token, PeerInput input, Predicate<PeerInput> offer) {
    if (!offer.test(input)) {
      decide(token, Verdict.ignore("too many messages wait for the chain"));
    }
  }

  void report(PeerEffect.Report report) {
    decide(report.token(), report.verdict());
  }

  private void decide(long token, Verdict verdict) {
    Consumer<Verdict> waiting = undecided.remove(token);
    if (waiting != null) {
      waiting.accept(verdict);
    }
  }

  private static dev.cairn.libp2p.gossipsub.Verdict inGossip(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Accept a -> dev.cairn.libp2p.gossipsub.Verdict.ACCEPT;
      case Verdict.Ignore(String reason) -> ignore(reason);
      case Verdict.Reject(String reason) -> new dev.cairn.libp2p.gossipsub.Verdict.Reject(reason);
    };
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

  /// A message of the engine that a peer sent another way: the machine has it at once, others by
  /// gossip a little later.
  void voteArrived(PeerId from, byte[] data) throws InterruptedException {
    GossipMessage message = gossipsub.arrived(from, topics.votes().topic(), data);
    long token = nextToken.incrementAndGet();
    undecided.put(token, verdict -> passingOn.add(message, inGossip(verdict)));
    hand(token, vote(token, from.toString(), data), machine);
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
    passingOn.close();
  }
}
