package dev.cairn.files.bitswap;

import dev.cairn.files.block.BlockArrays;
import dev.cairn.files.block.Blocks;
import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerEvent;
import dev.cairn.libp2p.host.PeerEvents;
import dev.cairn.libp2p.host.PeerInfo;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.machine.Driver;
import dev.cairn.multiformats.Cid;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToIntBiFunction;

/// Bitswap over a [Host]: blocks are served to whoever asks, and fetched from all peers that have
/// them. It speaks 1.2.0, and 1.1.0 and 1.0.0 to peers that know nothing newer.
///
/// Every method may be called from any thread.
public final class Bitswap implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Bitswap.class.getName());

  private static final int MAILBOX_CAPACITY = 16_384;

  private final Host host;
  private final BitswapParams params;
  private final BlockArrays arrays = new BlockArrays();
  private final Serving serving;
  private final Intake intake;
  private final Driver<FetchInput, FetchEffect> driver;
  private final PeerEvents peers;
  private final Map<PeerId, PeerLink> links = new ConcurrentHashMap<>();
  private final Map<Long, FetchEvents> fetches = new ConcurrentHashMap<>();
  private final AtomicLong nextFetch = new AtomicLong();
  private final LongAdder sentBytes = new LongAdder();

  private Bitswap(
      Host host,
      Blocks blocks,
      ToIntBiFunction<Cid, byte[]> linkCount,
      Clock clock,
      BitswapParams params,
      long seed) {
    this.host = host;
    this.params = params;
    this.serving = new Serving(blocks, arrays, params);
    this.driver =
        new Driver<>(
            new Fetcher(params, seed),
            this::perform,
            clock,
            MAILBOX_CAPACITY,
            Thread.ofVirtual().name("bitswap").factory(),
            e -> LOG.log(Level.ERROR, "bitswap has stopped", e));
    this.intake =
        new Intake(
            blocks,
            arrays,
            linkCount::applyAsInt,
            params.intakeBytesMax(),
            driver::submit,
            this::added);
    this.peers = host.events();
  }

  /// Begins to serve, and to know whom to ask.
  ///
  /// @param linkCount the links of a block, by its codec
  /// @param seed decides the order among blocks that are as rare as each other
  public static Bitswap start(
      Host host,
      Blocks blocks,
      ToIntBiFunction<Cid, byte[]> linkCount,
      Clock clock,
      BitswapParams params,
      long seed) {
    Bitswap bitswap = new Bitswap(host, blocks, linkCount, clock, params, seed);
    bitswap.driver.start();
    InboundLimits inbound = params.inbound();
    StreamLimits streams = new StreamLimits(inbound.streamsPerPeer(), inbound.streams());
    for (String protocol : Version.PROTOCOLS) {
      host.handle(protocol, bitswap::read, streams);
    }
    Thread.ofVirtual().name("bitswap peers").start(bitswap::follow);
    return bitswap;
  }

  /// Begins to fetch blocks of one DAG.
  ///
  /// @param root whoever has it is asked for what is below it
  /// @param only the peers that may be asked; empty for all
  /// @param inOrder whether blocks are asked for in the order in which they are wanted
  public Fetch fetch(Cid root, Set<PeerId> only, boolean inOrder, FetchEvents events) {
    long id = nextFetch.incrementAndGet();
    fetches.put(id, events);
    driver.submit(new FetchInput.Open(id, root, only, inOrder));
    return new Fetch() {
      @Override
      public void want(List<Cid> cids) {
        driver.submit(new FetchInput.Want(id, cids));
      }

      @Override
      public void close() {
        fetches.remove(id);
        if (fetches.isEmpty()) {
          arrays.clear();
        }
        driver.submit(new FetchInput.Close(id));
      }
    };
  }

  /// A block is here now: peers that wait for it are told.
  public void added(Cid cid) {
    for (PeerId peer : serving.arrived(cid)) {
      PeerLink link = links.get(peer);
      if (link != null) {
        link.wake();
      }
    }
  }

  /// The bytes of blocks sent so far.
  public long sentBytes() {
    return sentBytes.sum();
  }

  /// How many wants of a peer are remembered.
  int wants(PeerId peer) {
    return serving.wants(peer);
  }

  // --- peers

  private void follow() {
    try {
      Optional<PeerEvent> event = peers.take();
      while (event.isPresent()) {
        switch (event.get()) {
          case PeerEvent.Connected connected -> connected(connected.peer(), connected.protocols());
          case PeerEvent.ProtocolsChanged changed -> connected(changed.peer(), changed.protocols());
          case PeerEvent.Disconnected gone -> disconnected(gone.peer());
        }
        event = peers.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void connected(PeerId peer, List<String> protocols) {
    Optional<String> best = Version.PROTOCOLS.stream().filter(protocols::contains).findFirst();
    if (best.isEmpty() || links.containsKey(peer)) {
      return;
    }
    Version version = Version.of(best.get());
    PeerLink link =
        new PeerLink(
            host,
            peer,
            version,
            serving,
            params,
            lost -> driver.submit(new FetchInput.Reopened(lost)),
            sentBytes);
    links.put(peer, link);
    link.start();
    Duration roundTrip = host.info(peer).flatMap(PeerInfo::roundTrip).orElse(Duration.ZERO);
    driver.submit(new FetchInput.Joined(peer, roundTrip.toNanos(), version.presences()));
    // What it asked for before it was known here.
    link.wake();
  }

  private void disconnected(PeerId peer) {
    PeerLink link = links.remove(peer);
    if (link != null) {
      link.close();
      driver.submit(new FetchInput.Gone(peer));
    }
    serving.gone(peer);
  }

  // --- what arrives

  private void read(Stream stream) throws IOException {
    // Nothing is said on a stream that the other side opened.
    stream.closeWrite();
    Inbound inbound = new Inbound(stream.peer());
    PacedInput paced =
        new PacedInput(stream.input(), stream::deadline, params.inbound(), System::nanoTime);
    MessageReader reader = new MessageReader(paced, inbound, arrays, params.entriesPerMessage());
    try {
      while (true) {
        reader.read();
        paced.ended(inbound.takeSaid());
      }
    } catch (EOFException e) {
      // The peer has said all that it had to say.
    } catch (PacedInput.StalledException e) {
      host.disconnect(stream.peer(), String.valueOf(e.getMessage()));
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes what one stream brings. Owner: the thread that reads it.
  private final class Inbound implements MessageSink {

    /// Bytes that come are told of this many at a time, or as often.
    private static final int TELL_BYTES = 128 << 10;

    private static final long TELL_NANOS = 100_000_000;

    private final PeerId peer;
    private Semaphore arriving = new Semaphore(1);
    private int heard;
    private long toldNanos;
    private boolean said;
    private long strayBytes;

    Inbound(PeerId peer) {
      this.peer = peer;
    }

    /// Whether anything was in what was read since the last call.
    boolean takeSaid() {
      boolean some = said;
      said = false;
      return some;
    }

    @Override
    public void wants(List<Entry> entries, boolean full) {
      said = true;
      List<Presence> refused = serving.receive(peer, entries, full);
      PeerLink link = links.get(peer);
      if (link != null) {
        link.mouth().answer(refused);
        link.wake();
      } else if (host.info(peer).isEmpty()) {
        serving.gone(peer);
      }
    }

    @Override
    public void presences(List<Presence> presences) {
      said = true;
      driver.offer(new FetchInput.Presences(peer, presences));
    }

    @Override
    public boolean expectsBlocks() {
      PeerLink link = links.get(peer);
      return link != null && link.expecting();
    }

    @Override
    public void enter() throws InterruptedException {
      PeerLink link = links.get(peer);
      if (link != null) { // else no block is expected, and none read
        arriving = link.arriving();
      }
      arriving.acquire();
    }

    @Override
    public void leave() {
      arriving.release();
    }

    @Override
    public void heard(int bytes) {
      heard += bytes;
      long now = System.nanoTime();
      if (heard >= TELL_BYTES || now - toldNanos > TELL_NANOS) {
        tell(now);
      }
    }

    private void tell(long now) {
      driver.offer(new FetchInput.Heard(peer, heard));
      heard = 0;
      toldNanos = now;
    }

    @Override
    public void block(CidPrefix prefix, byte[] data) throws InterruptedException {
      said = true;
      tell(System.nanoTime());
      intake.take(peer, prefix, data);
    }

    @Override
    public void unexpected(int bytes) {
      said = true;
      PeerLink link = links.get(peer);
      strayBytes += bytes; // of a peer that has not said that it speaks Bitswap
      long all = link == null ? strayBytes : link.unexpected(bytes);
      if (all > params.inbound().unexpectedBytesMax()) {
        host.disconnect(peer, "sends blocks that nobody asked for");
      }
    }
  }

  // --- what the fetcher asks for

  private void perform(List<FetchEffect> effects) {
    for (FetchEffect effect : effects) {
      switch (effect) {
        case FetchEffect.Watch watch -> intake.watch(watch.key(), watch.cid());
        case FetchEffect.Unwatch unwatch -> intake.unwatch(unwatch.key());
        case FetchEffect.Tell tell ->
            link(tell.peer()).ifPresent(l -> l.mouth().tell(tell.full(), tell.entries()));
        case FetchEffect.Expect expect ->
            link(expect.peer()).ifPresent(l -> l.expecting(expect.blocks()));
        case FetchEffect.Delivered done ->
            events(done.session())
                .ifPresent(e -> e.delivered(done.peer(), done.cid(), done.bytes(), done.links()));
        case FetchEffect.Status status ->
            events(status.session())
                .ifPresent(e -> e.standing(status.peer(), status.standing(), status.why()));
        case FetchEffect.Failed failed ->
            events(failed.session()).ifPresent(e -> e.failed(failed.why()));
        case FetchEffect.LetGo letGo -> host.disconnect(letGo.peer(), letGo.why());
      }
    }
  }

  private Optional<PeerLink> link(PeerId peer) {
    return Optional.ofNullable(links.get(peer));
  }

  private Optional<FetchEvents> events(long id) {
    return Optional.ofNullable(fetches.get(id));
  }

  /// Stops serving and fetching. The host goes on.
  @Override
  public void close() {
    for (String protocol : Version.PROTOCOLS) {
      host.unhandle(protocol);
    }
    peers.close();
    driver.close();
    links.values().forEach(PeerLink::close);
    intake.close();
  }
}
