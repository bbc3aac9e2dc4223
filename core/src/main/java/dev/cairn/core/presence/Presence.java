package dev.cairn.core.presence;

import dev.cairn.core.Verdict;
import dev.cairn.core.consensus.simplex.SignatureCheck;
import dev.cairn.core.consensus.simplex.Signer;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.machine.Machine;
import dev.cairn.machine.Now;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// Which validators are there, and whether this node's key is used elsewhere too.
///
/// A node that holds a key listens before it votes, and calls meanwhile; a node that votes with the
/// same key answers with the caller's instance in its `echo`. Only that proves that it is there
/// now: old heartbeats of the key, replayed, carry other echoes. Of two such nodes one goes on, by
/// a rule that both compute alike ([Heartbeat#goesBefore]).
///
/// Owner: the one thread that drives it. [#sightings] alone is for all threads.
public final class Presence implements Machine<PresenceInput, PresenceEffect> {

  /// Nodes of one key that are told apart; more are not heard until some have been silent.
  static final int INSTANCES_MAX = 4;

  /// Between two heartbeats of one node, in nanoseconds: closer ones are not passed on.
  static final long GAP_NANOS_MIN = Duration.ofMillis(200).toNanos();

  /// How far a heartbeat's time may be from the local clock, in milliseconds.
  static final long CLOCK_MILLIS_MAX = 60_000;

  static final long CALL_NANOS = Duration.ofSeconds(1).toNanos();
  static final long BEAT_NANOS = Duration.ofSeconds(3).toNanos();
  static final long ANSWER_NANOS_MIN = Duration.ofMillis(250).toNanos();
  private static final long FORGET_NANOS = Duration.ofMinutes(1).toNanos();

  private enum State {
    LISTENING,
    VOTING,
    SILENT
  }

  private record Seen(long time, long nanos) {}

  private final SigningDomain domain;
  private final SignatureCheck check;
  private final PresenceParams params;
  private final @Nullable Signer signer;
  private final Bytes key;
  private final String peer;
  private final Bytes instance;
  private final long since;
  private final Map<Bytes, LinkedHashMap<Bytes, Seen>> heard = new LinkedHashMap<>();
  private Set<Bytes> validators = Set.of();
  private State state;
  private Bytes echo = Bytes.EMPTY;
  private long echoUntilNanos;
  private long listenUntilNanos = Long.MAX_VALUE;
  private long nextNanos = Long.MAX_VALUE;
  private long sentNanos;
  private long lastTime;
  private volatile Map<Bytes, Sighting> sightings = Map.of();

  /// @param domain of the chain, fork version 0
  /// @param signer the validator's key; empty for a node that only hears
  /// @param peer this node's peer id
  /// @param instance drawn at random for this start, 16 bytes
  /// @param now when the node started
  public Presence(
      SigningDomain domain,
      SignatureCheck check,
      PresenceParams params,
      Optional<Signer> signer,
      String peer,
      Bytes instance,
      Now now) {
    this.domain = domain;
    this.check = check;
    this.params = params;
    this.signer = signer.orElse(null);
    this.key = signer.map(s -> Bytes.wrap(s.publicKey())).orElse(Bytes.EMPTY);
    this.peer = peer;
    this.instance = instance;
    this.since = now.wallMillis();
    this.sentNanos = now.nanos() - CALL_NANOS;
    this.state = signer.isPresent() ? State.LISTENING : State.SILENT;
  }

  /// The validators of the present set that were heard, by key; for any thread.
  public Map<Bytes, Sighting> sightings() {
    return sightings;
  }

  @Override
  public long deadlineNanos() {
    return Math.min(nextNanos, listenUntilNanos);
  }

  @Override
  public void step(PresenceInput input, Now now, Consumer<? super PresenceEffect> out) {
    switch (input) {
      case PresenceInput.Heard(long token, Heartbeat heartbeat) ->
          out.accept(new PresenceEffect.Report(token, hear(heartbeat, now, out)));
      case PresenceInput.Around around -> around(around, now);
    }
    tick(now, out);
  }

  private void around(PresenceInput.Around around, Now now) {
    if (!validators.equals(around.validators())) {
      validators = around.validators();
      heard.keySet().retainAll(validators);
      Map<Bytes, Sighting> kept = new LinkedHashMap<>(sightings);
      kept.keySet().retainAll(validators);
      sightings = kept;
    }
    boolean waiting = state == State.LISTENING && listenUntilNanos == Long.MAX_VALUE;
    boolean alone = around.decisive() && !params.needsAudience();
    if (waiting && validators.contains(key) && (alone || around.audience())) {
      nextNanos = now.nanos();
      boolean needless = alone && !params.always();
      listenUntilNanos = now.nanos() + (needless ? 0 : params.listen().toNanos());
    }
  }

  private Verdict hear(Heartbeat heartbeat, Now now, Consumer<? super PresenceEffect> out) {
    if (!validators.contains(heartbeat.key())) {
      return Verdict.ignore("not a validator of this epoch");
    }
    if (heartbeat.instance().equals(instance)) {
      return Verdict.ignore("this node's own");
    }
    Map<Bytes, Seen> instances = heard.getOrDefault(heartbeat.key(), new LinkedHashMap<>());
    Seen last = instances.get(heartbeat.instance());
    if (last != null
        && (heartbeat.time() <= last.time() || now.nanos() - last.nanos() < GAP_NANOS_MIN)) {
      return Verdict.ignore("nothing new, or too soon after the last one");
    }
    boolean answer = heartbeat.key().equals(key) && heartbeat.echo().equals(instance);
    if (!answer && Math.abs(heartbeat.time() - now.wallMillis()) > CLOCK_MILLIS_MAX) {
      return Verdict.ignore("of another time");
    }
    instances.values().removeIf(s -> now.nanos() - s.nanos() > FORGET_NANOS);
    if (last == null && instances.size() >= INSTANCES_MAX) {
      return Verdict.ignore("too many nodes with one key");
    }
    if (!heartbeat.verify(domain, check)) {
      return Verdict.reject("a heartbeat that its validator did not sign");
    }
    heard
        .computeIfAbsent(heartbeat.key(), k -> new LinkedHashMap<>())
        .put(heartbeat.instance(), new Seen(heartbeat.time(), now.nanos()));
    sighted(heartbeat, now);
    if (heartbeat.key().equals(key) && state != State.SILENT) {
      twin(heartbeat, answer, now, out);
    }
    return Verdict.accept();
  }

  private void sighted(Heartbeat heartbeat, Now now) {
    Map<Bytes, Sighting> next = new LinkedHashMap<>(sightings);
    next.put(heartbeat.key(), new Sighting(heartbeat.peer(), heartbeat.voting(), now.nanos()));
    sightings = next;
  }

  private void twin(
      Heartbeat other, boolean answer, Now now, Consumer<? super PresenceEffect> out) {
    if (answer && other.goesBefore(state == State.VOTING, since, instance)) {
      out.accept(new PresenceEffect.Yield(other.peer(), state == State.VOTING));
      state = State.SILENT;
      nextNanos = Long.MAX_VALUE;
      listenUntilNanos = Long.MAX_VALUE;
      return;
    }
    echo = other.instance();
    echoUntilNanos = now.nanos() + 2 * BEAT_NANOS;
    nextNanos = Math.min(nextNanos, Math.max(now.nanos(), sentNanos + ANSWER_NANOS_MIN));
  }

  @Override
  public void tick(Now now, Consumer<? super PresenceEffect> out) {
    if (state == State.LISTENING && listenUntilNanos <= now.nanos()) {
      state = State.VOTING;
      listenUntilNanos = Long.MAX_VALUE;
      nextNanos = now.nanos();
      out.accept(new PresenceEffect.Allow());
    }
    if (nextNanos <= now.nanos() && signer != null) {
      send(signer, now, out);
    }
  }

  private void send(Signer by, Now now, Consumer<? super PresenceEffect> out) {
    if (echoUntilNanos <= now.nanos()) {
      echo = Bytes.EMPTY;
    }
    lastTime = Math.max(lastTime + 1, now.wallMillis());
    boolean voting = state == State.VOTING;
    Heartbeat beat = Heartbeat.sign(domain, by, peer, instance, since, voting, echo, lastTime);
    out.accept(new PresenceEffect.Send(Bytes.wrap(beat.encode())));
    sentNanos = now.nanos();
    nextNanos = now.nanos() + (voting ? BEAT_NANOS : CALL_NANOS);
  }
}
