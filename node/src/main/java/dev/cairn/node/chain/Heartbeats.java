package dev.cairn.node.chain;

import dev.cairn.core.Verdict;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.ConsensusView;
import dev.cairn.core.consensus.simplex.SignatureCheck;
import dev.cairn.core.consensus.simplex.Signer;
import dev.cairn.core.peer.Answer;
import dev.cairn.core.peer.Question;
import dev.cairn.core.presence.Heartbeat;
import dev.cairn.core.presence.Presence;
import dev.cairn.core.presence.PresenceEffect;
import dev.cairn.core.presence.PresenceInput;
import dev.cairn.core.presence.PresenceParams;
import dev.cairn.core.presence.Sighting;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.libp2p.gossipsub.GossipMessage;
import dev.cairn.libp2p.gossipsub.Gossipsub;
import dev.cairn.libp2p.gossipsub.MessageIds;
import dev.cairn.libp2p.gossipsub.SignaturePolicy;
import dev.cairn.libp2p.gossipsub.Subscription;
import dev.cairn.libp2p.gossipsub.TopicParams;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.machine.Driver;
import dev.cairn.multiformats.MalformedException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.tuweni.bytes.Bytes;

/// The topic `heartbeat` around [Presence]: it lets the chain's machine vote once nobody else was
/// heard with this node's key, and stops it when somebody is.
public final class Heartbeats implements AutoCloseable {

  private static final int QUEUED_MAX = 256;
  private static final long LOOK_MILLIS = 250;
  private static final long LOOK_SELDOM_MILLIS = 2_000;
  private static final Logger LOG = System.getLogger(Heartbeats.class.getName());

  private final ChainPeer peer;
  private final Gossipsub gossipsub;
  private final TopicParams topic;
  private final Outcomes outcomes;
  private final Clock clock;
  private final Presence presence;
  private final Driver<PresenceInput, PresenceEffect> driver;
  private final Subscription subscription;
  private final boolean hasKey;
  private final Map<Long, GossipMessage> undecided = new ConcurrentHashMap<>();
  private final AtomicLong nextToken = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile boolean settled;

  /// Who speaks, and how.
  ///
  /// @param key the validator's key; empty for a node that only hears
  /// @param self this node's peer id
  public record Speaker(Optional<Signer> key, String self, PresenceParams params) {}

  /// Who is told when the node has to stop.
  ///
  /// @param listened the node has listened long enough, and votes
  /// @param twin with a sentence: another node votes with this node's key, and this one has not
  /// @param failure something broke
  public record Outcomes(Runnable listened, Consumer<String> twin, Consumer<Throwable> failure) {}

  private Heartbeats(
      ChainSpec spec,
      ChainPeer peer,
      Gossipsub gossipsub,
      Speaker speaker,
      Clock clock,
      Outcomes outcomes) {
    this.peer = peer;
    this.gossipsub = gossipsub;
    this.outcomes = outcomes;
    this.clock = clock;
    this.hasKey = speaker.key().isPresent();
    this.topic =
        new TopicParams(
            "/cairn/" + spec.shortName() + "/heartbeat/1",
            SignaturePolicy.STRICT_NO_SIGN,
            Heartbeat.BYTES_MAX,
            QUEUED_MAX,
            MessageIds.CONTENT);
    byte[] instance = new byte[Heartbeat.INSTANCE_BYTES];
    new SecureRandom().nextBytes(instance);
    this.presence =
        new Presence(
            new SigningDomain(spec.chainId(), 0),
            SignatureCheck.ED25519,
            speaker.params(),
            speaker.key(),
            speaker.self(),
            Bytes.wrap(instance),
            clock.now());
    this.driver =
        new Driver<>(
            presence,
            effects -> effects.forEach(this::perform),
            clock,
            QUEUED_MAX,
            Thread.ofVirtual().name("heartbeat").factory(),
            outcomes.failure());
    this.subscription = gossipsub.subscribe(topic);
  }

  /// Listens, and lets the peer vote when it is safe.
  public static Heartbeats start(
      ChainSpec spec,
      ChainPeer peer,
      Gossipsub gossipsub,
      Speaker speaker,
      Clock clock,
      Outcomes outcomes) {
    Heartbeats beats = new Heartbeats(spec, peer, gossipsub, speaker, clock, outcomes);
    beats.driver.start();
    Thread.ofVirtual().name("heartbeats").start(beats::listen);
    Thread.ofVirtual().name("validators").start(beats::look);
    return beats;
  }

  /// When a validator was last heard, and from which peer.
  public Optional<Sighting> sighting(Bytes key) {
    return Optional.ofNullable(presence.sightings().get(key));
  }

  /// How long ago something happened on the local clock.
  public Duration ago(Sighting sighting) {
    return Duration.ofNanos(Math.max(0, clock.now().nanos() - sighting.heardNanos()));
  }

  private void listen() {
    try {
      while (true) {
        GossipMessage message = subscription.take();
        long token = nextToken.incrementAndGet();
        undecided.put(token, message);
        try {
          Heartbeat heartbeat = Heartbeat.decode(message.data());
          if (!driver.offer(new PresenceInput.Heard(token, heartbeat))) {
            decide(token, Verdict.ignore("too many heartbeats"));
          }
        } catch (MalformedException e) {
          decide(token, Verdict.reject(String.valueOf(e.getMessage())));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      LOG.log(Level.DEBUG, e::getMessage); // closed
    }
  }

  /// Looks again and again who the validators are and whether anybody listens.
  private void look() {
    try {
      do {
        Optional<Answer> answer = peer.ask(new Question.Consensus());
        if (answer.isPresent()
            && answer.get() instanceof Answer.Consensus(Optional<ConsensusView> view)) {
          view.ifPresent(this::around);
        }
      } while (!closed.await(
          hasKey && !settled ? LOOK_MILLIS : LOOK_SELDOM_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void around(ConsensusView view) {
    if (hasKey) {
      Set<PeerId> peers = peers(view);
      peer.voteStreams().validators(peers, peers.size() == view.validators().size() - 1);
    }
    long own = view.self() < 0 ? 0 : view.validators().get(view.self()).stake();
    driver.submit(
        new PresenceInput.Around(
            view.validators().stream().map(ValidatorEntry::key).collect(Collectors.toSet()),
            !gossipsub.topicPeers(topic.topic()).isEmpty(),
            own >= view.quorum()));
  }

  /// The peers that other validators of the set have signed to be theirs.
  private Set<PeerId> peers(ConsensusView view) {
    Set<PeerId> peers = new LinkedHashSet<>();
    for (int i = 0; i < view.validators().size(); i++) {
      if (i == view.self()) {
        continue;
      }
      sighting(view.validators().get(i).key())
          .ifPresent(s -> parse(s.peer()).ifPresent(peers::add));
    }
    return peers;
  }

  private static Optional<PeerId> parse(String peer) {
    try {
      return Optional.of(PeerId.parse(peer));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private void perform(PresenceEffect effect) {
    switch (effect) {
      case PresenceEffect.Send(Bytes heartbeat) ->
          gossipsub.publish(topic.topic(), heartbeat.toArrayUnsafe());
      case PresenceEffect.Report(long token, Verdict verdict) -> decide(token, verdict);
      case PresenceEffect.Allow _ -> {
        settled = true;
        outcomes.listened().run();
        LOG.log(Level.INFO, "this node votes from now on");
        peer.voting(true);
      }
      case PresenceEffect.Yield(String other, boolean voted) -> stepBack(other, voted);
    }
  }

  private void stepBack(String other, boolean voted) {
    settled = true;
    peer.voting(false);
    String who = "another node, peer id " + other + ", votes with this node's validator key; ";
    if (voted) {
      LOG.log(Level.ERROR, who + "this one started later, so it votes no more and only follows");
    } else {
      outcomes.twin().accept(who + "stop that one first, or run this one without the key");
    }
  }

  private void decide(long token, Verdict verdict) {
    GossipMessage message = undecided.remove(token);
    if (message == null) {
      return;
    }
    message.report(
        switch (verdict) {
          case Verdict.Accept _ -> dev.cairn.libp2p.gossipsub.Verdict.ACCEPT;
          case Verdict.Ignore(String reason) ->
              new dev.cairn.libp2p.gossipsub.Verdict.Ignore(reason);
          case Verdict.Reject(String reason) ->
              new dev.cairn.libp2p.gossipsub.Verdict.Reject(reason);
        });
  }

  @Override
  public void close() {
    closed.countDown();
    subscription.close();
    driver.close();
  }
}
