package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerEvent;
import dev.cairn.libp2p.host.PeerEvents;
import dev.cairn.libp2p.host.PeerInfo;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.machine.Clock;
import dev.cairn.machine.Driver;
import dev.cairn.multiformats.Multihash;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The DHT (libp2p kad-dht) over a [Host]: where peers are, who has which content, and small
/// records, all kept by the peers themselves, around a [KadMachine].
///
/// Every method may be called from any thread; those that ask the network block, so call them on a
/// virtual thread. An interrupt ends the wait and the look-up. Owner of the machine: the driver's
/// thread.
public final class Kad implements AutoCloseable {

  /// The longest multihash under which content is provided and looked for, in bytes.
  public static final int CONTENT_KEY_BYTES_MAX = Serving.PROVIDER_KEY_BYTES_MAX;

  /// Questions of others that may wait for the machine; further ones are refused.
  private static final int WAITING_QUESTIONS_MAX = 1_024;

  /// How often what this node listens on is looked at.
  private static final Duration LISTENING_EVERY = Duration.ofSeconds(10);

  private static final StreamLimits STREAMS = new StreamLimits(32, 512);
  private static final Logger LOG = System.getLogger(Kad.class.getName());

  private final Host host;
  private final KadParams params;
  private final KadCounts counts = new KadCounts();
  private final Calls calls = new Calls();
  private final Driver<KadInput, KadEffect> driver;
  private final Requester requester;
  private final Server server;
  private final PeerEvents events;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile KadMode mode;

  private Kad(Host host, KadParams params, Clock clock, long seed) {
    this.host = host;
    this.params = params;
    this.mode = params.mode();
    KadMachine machine =
        new KadMachine(host.id(), params, new SplittableRandom(seed), counts, clock.now());
    driver =
        new Driver<>(
            machine,
            this::perform,
            clock,
            WAITING_QUESTIONS_MAX,
            Thread.ofVirtual().name("kad").factory(),
            this::failed);
    requester =
        new Requester(host, params.protocol(), params.lookup().requestTimeout(), driver::submit);
    server = new Server(host, driver, calls, counts);
    events = host.events();
  }

  /// Begins to take part: follows the host's connections and, as a server, answers questions.
  ///
  /// @param seed for the keys by which the table is refreshed, and for jitter
  public static Kad start(Host host, KadParams params, Clock clock, long seed) {
    Kad kad = new Kad(host, params, clock, seed);
    kad.driver.start();
    kad.driver.submit(new KadInput.Listening(host.addresses()));
    kad.mode(params.mode());
    Thread.ofVirtual().name("kad peers").start(kad::follow);
    Thread.ofVirtual().name("kad listening").start(kad::watchListening);
    return kad;
  }

  private void follow() {
    try {
      Optional<PeerEvent> event = events.take();
      while (event.isPresent()) {
        switch (event.get()) {
          case PeerEvent.Connected(PeerId peer, boolean outbound, List<String> protocols) ->
              known(peer, protocols);
          case PeerEvent.ProtocolsChanged(PeerId peer, List<String> protocols) ->
              known(peer, protocols);
          case PeerEvent.Disconnected gone -> {}
        }
        event = events.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void known(PeerId peer, List<String> protocols) {
    Optional<PeerInfo> info = host.info(peer);
    if (protocols.contains(params.protocol()) && info.isPresent()) {
      PeerAddresses told = PeerAddresses.of(peer, Requester.listening(info.get()));
      driver.submit(new KadInput.Serves(told, info.map(PeerInfo::remote)));
    } else if (!protocols.contains(params.protocol()) && !protocols.isEmpty()) {
      driver.submit(new KadInput.ServesNot(peer));
    }
  }

  private void watchListening() {
    try {
      while (!closing.await(LISTENING_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        driver.submit(new KadInput.Listening(host.addresses()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void perform(List<KadEffect> effects) {
    for (KadEffect effect : effects) {
      switch (effect) {
        case KadEffect.Request request -> requester.start(request);
        case KadEffect.Answer answer -> calls.end(answer.token(), answer);
        case KadEffect.NoAnswer none -> calls.end(none.token(), none);
        case KadEffect.Found found -> calls.more(found.operation(), found);
        case KadEffect.Done done -> calls.end(done.operation(), done);
        case KadEffect.State state -> calls.end(state.operation(), state);
        case KadEffect.Misled(PeerId peer, String reason) ->
            LOG.log(Level.DEBUG, "{0} misleads: {1}", peer, reason);
      }
    }
  }

  private void failed(Throwable failure) {
    LOG.log(Level.ERROR, "the DHT has failed", failure);
    Thread.ofVirtual().start(this::close);
  }

  /// An input that begins an operation.
  private interface Begin {
    KadInput with(long operation);
  }

  private KadEffect ask(Begin begin) throws InterruptedException {
    Calls.Call call = begin(begin);
    boolean ended = false;
    try {
      KadEffect effect = call.take();
      ended = true;
      return effect;
    } finally {
      if (!ended) {
        cancel(call);
      }
    }
  }

  private Calls.Call begin(Begin begin) {
    Calls.Call call = calls.open();
    if (!driver.submit(begin.with(call.id()))) {
      calls.refuse(call.id());
    }
    return call;
  }

  private void cancel(Calls.Call call) {
    driver.submit(new KadInput.Cancel(call.id()));
    calls.refuse(call.id());
  }

  private static KadResult result(KadEffect effect) {
    return effect instanceof KadEffect.Done done
        ? done.result()
        : new KadResult.Refused("no result");
  }

  /// Joins the DHT through the peers that it knows: looks up the own neighbourhood and a key in
  /// each bucket. Returns when that is done; a few seconds after the first peer has come it begins
  /// by itself.
  public void bootstrap() throws InterruptedException {
    ask(KadInput.Bootstrap::new);
  }

  /// Tries peers that were good in an earlier run ([#goodPeers]); those that answer are taken in.
  public void restore(List<PeerAddresses> peers) {
    driver.submit(new KadInput.Restore(peers));
  }

  /// Peers that answered when they were asked last, the one heard of last first: what is worth
  /// keeping for [#restore].
  public List<PeerAddresses> goodPeers() {
    return inspect().map(KadEffect.State::good).orElse(List.of());
  }

  /// Where a peer is: at once when it is connected. Else the addresses were told by others, and
  /// proven where this node could reach the peer.
  ///
  /// @return empty when nobody on the way knows
  public Optional<PeerAddresses> findPeer(PeerId peer) throws InterruptedException {
    if (peer.equals(host.id())) {
      return Optional.of(PeerAddresses.of(peer, host.addresses()));
    }
    Optional<PeerInfo> connected = host.info(peer);
    if (connected.isPresent()) {
      return connected.map(info -> PeerAddresses.of(peer, Requester.listening(info)));
    }
    Optional<PeerAddresses> found =
        result(ask(id -> new KadInput.FindPeer(id, peer))) instanceof KadResult.Peer(var known)
            ? known
            : Optional.empty();
    found.ifPresent(p -> host.peerstore().add(peer, p.addresses(), Peerstore.TOLD_TTL));
    return found;
  }

  /// The peers nearest to a key that answer, at most 20, the nearest first, without this node.
  ///
  /// @param key at most [KadCodec#KEY_BYTES_MAX] bytes
  public List<PeerAddresses> closest(byte[] key) throws InterruptedException {
    KadKey target = key(key);
    return result(ask(id -> new KadInput.FindClosest(id, target)))
            instanceof KadResult.Closest(var peers)
        ? peers
        : List.of();
  }

  private static KadKey key(byte[] key) {
    if (key.length == 0 || key.length > KadCodec.KEY_BYTES_MAX) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    return KadKey.of(key);
  }

  /// Tells the peers nearest to the key that this node has the content, and tells it again every 22
  /// hours until [#unprovide]; sooner when few or nobody could be reached now.
  ///
  /// @return how many peers took it
  /// @throws IllegalStateException when this node provides too many keys already
  public int provide(Multihash key) throws InterruptedException {
    KadKey target = contentKey(key);
    driver.submit(new KadInput.Listening(host.addresses()));
    return stored(result(ask(id -> new KadInput.Provide(id, target))));
  }

  /// Does the same in the background, a few keys at a time, and returns at once. A key beyond
  /// [StoreParams#providedMax] is only counted.
  public void announce(Multihash key) {
    driver.submit(new KadInput.Listening(host.addresses()));
    driver.submit(new KadInput.Announce(contentKey(key)));
  }

  private static KadKey contentKey(Multihash key) {
    if (key.size() > CONTENT_KEY_BYTES_MAX) {
      throw new IllegalArgumentException("a key of " + key.size() + " bytes");
    }
    return KadKey.of(key);
  }

  private static int stored(KadResult result) {
    return switch (result) {
      case KadResult.Stored(int peers) -> peers;
      case KadResult.Refused(String reason) -> throw new IllegalStateException(reason);
      case KadResult.Peer p -> 0;
      case KadResult.Closest c -> 0;
      case KadResult.Value v -> 0;
      case KadResult.Complete c -> 0;
    };
  }

  /// Ends [#provide]. What others keep expires by itself within 48 hours.
  public void unprovide(Multihash key) {
    driver.submit(new KadInput.Unprovide(contentKey(key)));
  }

  /// What this node provides.
  public List<Multihash> provided() {
    return inspect().map(KadEffect.State::provided).orElse(List.of());
  }

  /// Looks for providers of a key and hands over each as it is found, on the calling thread.
  ///
  /// @param max after so many the search ends
  public void providers(Multihash key, int max, Consumer<PeerAddresses> found)
      throws InterruptedException {
    try (ProviderSearch search = search(key, max)) {
      Optional<PeerAddresses> next = search.take();
      while (next.isPresent()) {
        found.accept(next.get());
        next = search.take();
      }
    }
  }

  /// Looks for providers of a key.
  ///
  /// @param max after so many the search ends
  public ProviderSearch search(Multihash key, int max) {
    if (max < 1) {
      throw new IllegalArgumentException("a search for " + max + " providers");
    }
    KadKey target = contentKey(key);
    Calls.Call call = begin(id -> new KadInput.FindProviders(id, target, max));
    return new ProviderSearch(call, () -> cancel(call));
  }

  /// Has the peers nearest to the key keep a value, and keeps it here too. It lasts 48 hours.
  ///
  /// @param key with a namespace that [KadParams#validators] knows, such as `/pk/...`
  /// @return how many peers took it
  /// @throws IllegalArgumentException when key or value is too long
  /// @throws IllegalStateException when the namespace's validator refuses it, or a better value is
  ///   known here
  public int putValue(byte[] key, byte[] value) throws InterruptedException {
    if (value.length > KadCodec.VALUE_BYTES_MAX) {
      throw new IllegalArgumentException("a value of " + value.length + " bytes");
    }
    KadRecord record = KadRecord.of(key(key), value);
    return stored(result(ask(id -> new KadInput.PutValue(id, record))));
  }

  /// The best value that a quorum of peers knows.
  public Optional<byte[]> getValue(byte[] key) throws InterruptedException {
    KadKey target = key(key);
    return result(ask(id -> new KadInput.GetValue(id, target))) instanceof KadResult.Value(var r)
        ? r.map(KadRecord::value)
        : Optional.empty();
  }

  public TableSnapshot routingTable() {
    return inspect()
        .map(KadEffect.State::table)
        .orElse(new TableSnapshot(KadKey.of(host.id()), List.of()));
  }

  public KadMetrics metrics() {
    Map<KadCount, Long> all = counts.all();
    return inspect()
        .map(
            state ->
                new KadMetrics(
                    state.table().size(),
                    state.provided().size(),
                    state.providerRecords(),
                    state.valueRecords(),
                    state.lookups(),
                    all))
        .orElse(new KadMetrics(0, 0, 0, 0, 0, all));
  }

  /// Empty once it is closed.
  private Optional<KadEffect.State> inspect() {
    try {
      return ask(KadInput.Inspect::new) instanceof KadEffect.State state
          ? Optional.of(state)
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  public KadMode mode() {
    return mode;
  }

  /// Begins or ends serving others, such as when this node turns out to be reachable, or not.
  public void mode(KadMode next) {
    mode = next;
    driver.submit(new KadInput.Mode(next));
    if (next == KadMode.SERVER) {
      host.handle(params.protocol(), server::serve, STREAMS);
    } else {
      host.unhandle(params.protocol());
    }
  }

  /// Ends taking part; whoever waits gets what an empty network would give.
  @Override
  public void close() {
    closing.countDown();
    host.unhandle(params.protocol());
    events.close();
    driver.close();
    calls.close();
  }
}
