package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerEvent;
import dev.cairn.libp2p.host.PeerEvents;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.machine.Driver;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// Gossipsub over a [Host]: topics to subscribe and publish to, around a [GossipsubMachine].
///
/// Every method may be called from any thread. Messages of our own do not come back to our own
/// subscription. Owner of the machine: the driver's thread.
public final class Gossipsub implements AutoCloseable {

  /// The protocols that are spoken, the best first.
  public static final List<String> PROTOCOLS =
      List.of("/meshsub/1.2.0", "/meshsub/1.1.0", "/meshsub/1.0.0");

  /// Bytes of RPCs from one stream, or of our own messages, that may wait for the machine.
  private static final int WAITING_BYTES_MAX = 2 * GossipLimits.RPC_BYTES_MAX;

  /// What a short RPC counts for: its objects take memory too.
  private static final int LETTER_BYTES_MIN = 512;

  /// A peer has one stream at a time; a new one may come before the end of the old one is noticed.
  private static final StreamLimits STREAMS = new StreamLimits(3, 4_096);

  private static final System.Logger LOG = System.getLogger(Gossipsub.class.getName());

  private final Host host;
  private final Identity identity;
  private final GossipParams params;
  private final GossipMetrics metrics = new GossipMetrics();
  private final Letter.Reader reader;
  private final Driver<Letter, GossipEffect> driver;
  private final Neighbours neighbours;
  private final PeerEvents events;
  private final Map<String, TopicParams> topics = new ConcurrentHashMap<>();
  private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
  private final Semaphore publishing = new Semaphore(WAITING_BYTES_MAX);
  private final AtomicLong sequenceNumber;

  private Gossipsub(Host host, Identity identity, GossipParams params, Clock clock, long seed) {
    this.host = host;
    this.identity = identity;
    this.params = params;
    Now now = clock.now();
    // From the wall clock, as in other stacks: it grows across restarts.
    sequenceNumber = new AtomicLong(now.wallMillis() * 1_000_000);
    reader =
        new Letter.Reader(new GossipsubMachine(params, new SplittableRandom(seed), metrics, now));
    driver =
        new Driver<>(
            reader,
            this::perform,
            clock,
            params.history().pendingMax(),
            Thread.ofVirtual().name("gossipsub").factory(),
            this::failed);
    neighbours = new Neighbours(host, PROTOCOLS, metrics, i -> driver.submit(Letter.of(i)));
    events = host.events();
  }

  /// Begins to speak gossipsub with all peers of the host, present and to come.
  ///
  /// @param identity signs the messages of topics with [SignaturePolicy#STRICT_SIGN]
  /// @param seed for the choice of peers
  public static Gossipsub start(
      Host host, Identity identity, GossipParams params, Clock clock, long seed) {
    Gossipsub gossipsub = new Gossipsub(host, identity, params, clock, seed);
    gossipsub.driver.start();
    PROTOCOLS.forEach(protocol -> host.handle(protocol, gossipsub::read, STREAMS));
    Thread.ofVirtual().name("gossipsub peers").start(gossipsub::follow);
    return gossipsub;
  }

  /// Takes part in a topic.
  ///
  /// @throws IllegalStateException when there is a subscription to it
  public Subscription subscribe(TopicParams topic) {
    Subscription subscription =
        new Subscription(topic, id -> submit(new GossipInput.Forged(id)), this::unsubscribe);
    if (subscriptions.putIfAbsent(topic.topic(), subscription) != null) {
      throw new IllegalStateException("there is a subscription to " + topic.topic());
    }
    topics.putIfAbsent(topic.topic(), topic);
    submit(new GossipInput.Subscribe(topic));
    return subscription;
  }

  private void unsubscribe(Subscription subscription, List<GossipMessage> left) {
    if (subscriptions.remove(subscription.topic(), subscription)) {
      submit(new GossipInput.Unsubscribe(subscription.topic()));
    }
    left.forEach(message -> message.report(new Verdict.Ignore("unsubscribed")));
  }

  /// Makes a topic known, to publish to it without taking part.
  public void define(TopicParams topic) {
    if (topics.putIfAbsent(topic.topic(), topic) == null) {
      submit(new GossipInput.Define(topic));
    }
  }

  /// Sends a message to a topic that was subscribed to or defined. One whose id was seen lately is
  /// not sent. Waits only while this node's own messages come faster than they can be handed on.
  ///
  /// @throws IllegalArgumentException when the topic is not known or the data too long
  public void publish(String topic, byte[] data) {
    publish(topic, data, false, Set.of());
  }

  /// The same for a message that was sent before and has not had its effect, perhaps because a peer
  /// restarted since: it goes out again, and peers that remember it pass over it.
  public void republish(String topic, byte[] data) {
    publish(topic, data, true, Set.of());
  }

  /// Sends a message by gossip to those who do not get it another way.
  ///
  /// @param again as in [#republish]
  /// @param served peers that are not sent it
  public void publish(String topic, byte[] data, boolean again, Set<PeerId> served) {
    TopicParams known = topics.get(topic);
    if (known == null) {
      throw new IllegalArgumentException("unknown topic " + topic);
    }
    if (data.length > known.messageBytesMax()) {
      throw new IllegalArgumentException(
          data.length + " bytes for " + topic + ", over " + known.messageBytesMax());
    }
    Message message =
        switch (known.policy()) {
          case STRICT_NO_SIGN -> Message.unsigned(topic, data);
          case STRICT_SIGN ->
              Message.signed(identity, sequenceNumber.incrementAndGet(), topic, data);
        };
    GossipInput input = new GossipInput.Publish(message, known.ids().of(message), again, served);
    publishing.acquireUninterruptibly(cost(message.length()));
    hand(input, publishing, cost(message.length()));
  }

  /// Passes on a message of an unsigned topic that a peer sent another way, and that has been found
  /// good: copies that come by gossip from now on count as duplicates.
  ///
  /// @param served peers that were given it too, says the sender: they are told of it by the next
  ///   heartbeat, and sent it when they ask
  /// @throws IllegalArgumentException when the topic is not known or not unsigned
  public void accepted(PeerId from, String topic, byte[] data, Set<PeerId> served) {
    TopicParams known = topics.get(topic);
    if (known == null || known.policy() != SignaturePolicy.STRICT_NO_SIGN) {
      throw new IllegalArgumentException("no unsigned topic " + topic);
    }
    Message message = Message.unsigned(topic, data);
    submit(new GossipInput.Accepted(from, message, known.ids().of(message), served));
  }

  /// Holds a bad message that a peer sent another way against it, as if it had come by gossip.
  public void rejected(PeerId from, String reason) {
    metrics.add(GossipCount.REJECTED);
    submit(new GossipInput.Misbehaved(from, reason));
  }

  private void submit(GossipInput input) {
    driver.submit(Letter.of(input));
  }

  private void hand(GossipInput input, Semaphore waiting, int cost) {
    if (!driver.submit(new Letter(input, () -> waiting.release(cost)))) {
      waiting.release(cost);
    }
  }

  private static int cost(int bytes) {
    return Math.max(bytes, LETTER_BYTES_MIN);
  }

  public GossipMetrics metrics() {
    return metrics;
  }

  /// The peers that take part in a topic.
  public List<PeerId> topicPeers(String topic) {
    return reader.topicPeers().getOrDefault(topic, TopicPeers.NONE).peers();
  }

  /// Those of them with which its messages are exchanged directly.
  public List<PeerId> meshPeers(String topic) {
    return reader.topicPeers().getOrDefault(topic, TopicPeers.NONE).mesh();
  }

  private void follow() {
    try {
      Optional<PeerEvent> event = events.take();
      while (event.isPresent()) {
        neighbours.event(event.get());
        event = events.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Reads one stream of a peer's RPCs to its end.
  private void read(Stream stream) throws IOException {
    neighbours.opened(stream);
    try {
      FrameReader frames = new FrameReader(stream.input(), GossipLimits.RPC_BYTES_MAX);
      Semaphore waiting = new Semaphore(WAITING_BYTES_MAX);
      Optional<byte[]> frame = frames.next();
      while (frame.isPresent()) {
        int cost = cost(frame.get().length);
        GossipInput input = rpc(stream.peer(), frame.get());
        waiting.acquire(cost);
        hand(input, waiting, cost);
        frame = frames.next();
      }
    } catch (MalformedException e) {
      metrics.add(GossipCount.MALFORMED);
      stream.reset();
      submit(new GossipInput.Misbehaved(stream.peer(), String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      neighbours.ended(stream);
    }
  }

  private GossipInput rpc(PeerId from, byte[] frame) {
    Rpc rpc = RpcDecoder.decode(frame, params.limits());
    if (rpc.surplus() > 0) {
      metrics.add(GossipCount.RPC_PARTS_OVER_LIMIT, rpc.surplus());
    }
    List<GossipInput.Arrival> arrivals = new ArrayList<>(rpc.messages().size());
    for (Message message : rpc.messages()) {
      TopicParams topic = topics.get(message.topic());
      if (topic == null) {
        metrics.add(GossipCount.UNKNOWN_TOPIC);
      } else {
        arrivals.add(new GossipInput.Arrival(message, topic.ids().of(message)));
      }
    }
    return new GossipInput.Received(from, rpc.subscriptions(), arrivals, rpc.control());
  }

  private void perform(List<GossipEffect> effects) {
    for (GossipEffect effect : effects) {
      switch (effect) {
        case GossipEffect.SendMessage(List<PeerId> to, Message message) -> {
          Fragment fragment = Fragment.of(message);
          to.forEach(peer -> send(peer, fragment));
        }
        case GossipEffect.SendControl(PeerId to, Control control) ->
            Fragment.of(control).forEach(fragment -> send(to, fragment));
        case GossipEffect.SendTopics(PeerId to, List<TopicChange> changes) ->
            Fragment.of(changes).forEach(fragment -> send(to, fragment));
        case GossipEffect.Deliver deliver -> deliver(deliver);
        case GossipEffect.Rejected(PeerId peer, String reason, int count) ->
            LOG.log(
                System.Logger.Level.DEBUG,
                () -> "rejected from " + peer + " (" + count + "): " + reason);
        case GossipEffect.Disconnect(PeerId peer, String reason) -> part(peer, reason);
      }
    }
  }

  private void send(PeerId peer, Fragment fragment) {
    Optional<PeerLink> link = neighbours.link(peer);
    if (link.isPresent() && !link.get().outbox().offer(fragment)) {
      part(peer, "reads nothing of what keeps the meshes in step");
    }
  }

  private void deliver(GossipEffect.Deliver deliver) {
    MessageId id = deliver.id();
    Subscription subscription = subscriptions.get(deliver.message().topic());
    GossipMessage message =
        new GossipMessage(
            deliver.message(),
            id,
            deliver.from(),
            verdict -> submit(new GossipInput.Report(id, verdict)));
    if (subscription == null || !subscription.offer(message)) {
      metrics.add(GossipCount.QUEUE_FULL);
      message.report(new Verdict.Ignore("no room for it"));
    }
  }

  /// On a thread of its own, because closing a connection may take a while.
  private void part(PeerId peer, String reason) {
    LOG.log(System.Logger.Level.INFO, () -> "parting with " + peer + ": " + reason);
    Thread.ofVirtual().start(() -> host.disconnect(peer, reason));
  }

  private void failed(Throwable failure) {
    LOG.log(System.Logger.Level.ERROR, "gossipsub has failed", failure);
    Thread.ofVirtual().start(this::close);
  }

  /// Leaves all topics and ends all its streams.
  @Override
  public void close() {
    PROTOCOLS.forEach(host::unhandle);
    events.close();
    List.copyOf(subscriptions.values()).forEach(Subscription::close);
    driver.close();
    neighbours.close();
  }
}
