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
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.tuweni.bytes.Bytes;

/// The chain's topics: what arrives is decoded and its signatures checked on the verifier's
/// threads, then handed to the peer machine under a token; the machine's verdict on the token goes
/// back to gossipsub, which forwards what was accepted. Messages of the engine are not looked into
/// here, and do not wait behind transactions.
final class ChainGossip implements AutoCloseable {

  /// Bytes of messages that came straight from validators and wait for the machine.
  private static final int STRAIGHT_BYTES_MAX = 2 << 20;

  private static final Logger LOG = System.getLogger(ChainGossip.class.getName());

  private final Gossipsub gossipsub;
  private final Topics topics;
  private final PeerIntake intake;
  private final Verifier verifier;
  private final AtomicLong nextToken = new AtomicLong();

  /// What becomes of messages whose verdict is not known yet; bounded by the queues of topics,
  /// verifier and machine, and by [#STRAIGHT_BYTES_MAX].
  private final ConcurrentHashMap<Long, Consumer<Verdict>> undecided = new ConcurrentHashMap<>();

  private final List<Subscription> subscriptions = new ArrayList<>();
  private final Semaphore straight = new Semaphore(STRAIGHT_BYTES_MAX);
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
    listen(topics.transactions(), message -> verify(message, intake::transactions));
    listen(topics.blocks(), message -> verify(message, intake::block));
    listen(topics.votes(), message -> hand(message, ChainGossip::vote));
  }

  private static PeerInput vote(long token, String from, byte[] data) {
    return new PeerInput.GossipedVote(token, from, Bytes.wrap(data));
  }

  private void listen(TopicParams topic, Consumer<GossipMessage> taker) {
    Subscription subscription = gossipsub.subscribe(topic);
    subscriptions.add(subscription);
    Thread.ofVirtual().name("topic " + topic.topic()).start(() -> run(subscription, taker));
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

  private void verify(GossipMessage message, Reader reader) {
    if (!verifier.offer(() -> hand(message, reader))) {
      message.report(ignore("too many messages wait to be verified"));
    }
  }

  private void hand(GossipMessage message, Reader reader) {
    Consumer<Verdict> outcome = verdict -> message.report(inGossip(verdict));
    hand(message.propagatedFrom(), message.data(), reader, outcome);
  }

  private void hand(PeerId from, byte[] data, Reader reader, Consumer<Verdict> outcome) {
    long token = nextToken.incrementAndGet();
    undecided.put(token, outcome);
    try {
      if (!machine.test(reader.read(token, from.toString(), data))) {
        decide(token, Verdict.ignore("too many messages wait for the chain"));
      }
    } catch (MalformedException e) {
      decide(token, Verdict.reject(String.valueOf(e.getMessage())));
    }
  }

  /// A message of the engine that a peer sent straight, to `served` as well: the machine has it at
  /// once, and others by gossip when it is accepted. Waits while too many come.
  void straight(PeerId from, byte[] message, Set<PeerId> served) throws InterruptedException {
    straight.acquire(message.length);
    hand(
        from,
        message,
        ChainGossip::vote,
        verdict -> {
          straight.release(message.length);
          switch (verdict) {
            case Verdict.Accept _ ->
                gossipsub.accepted(from, topics.votes().topic(), message, served);
            case Verdict.Ignore _ -> {}
            case Verdict.Reject(String reason) -> gossipsub.rejected(from, reason);
          }
        });
  }

  void report(PeerEffect.Report report) {
    decide(report.token(), report.verdict());
  }

  private void decide(long token, Verdict verdict) {
    Consumer<Verdict> outcome = undecided.remove(token);
    if (outcome != null) {
      outcome.accept(verdict);
    }
  }

  private static dev.cairn.libp2p.gossipsub.Verdict inGossip(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Accept _ -> dev.cairn.libp2p.gossipsub.Verdict.ACCEPT;
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
