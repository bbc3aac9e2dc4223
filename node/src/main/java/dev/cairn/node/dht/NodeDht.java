package dev.cairn.node.dht;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.kad.Kad;
import dev.cairn.libp2p.kad.KadMode;
import dev.cairn.libp2p.kad.KadParams;
import dev.cairn.libp2p.kad.PeerAddresses;
import dev.cairn.libp2p.kad.SignedRecord;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.Multihash;
import dev.cairn.node.discovery.Neighbourhood;
import dev.cairn.node.discovery.PeerWalk;
import dev.cairn.node.discovery.Told;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The node's part in Cairn's DHT, and as a client in the public one of IPFS where the operator
/// wants that. Every method may be called from any thread.
public final class NodeDht implements PeerWalk, AutoCloseable {

  /// How a node takes part.
  public enum Part {
    /// It serves when others can dial it.
    AUTO,
    SERVER,
    CLIENT
  }

  /// How long a record that is put is good.
  public static final Duration RECORD_LIFE = Duration.ofDays(2);

  private static final Duration REVIEW = Duration.ofSeconds(30);
  private static final int KEY_BYTES = 32;
  private static final Logger LOG = System.getLogger(NodeDht.class.getName());

  private final Host host;
  private final Identity identity;
  private final Clock clock;
  private final SecureRandom random;
  private final Kad kad;
  private final Optional<Kad> ipfs;
  private final Optional<Thread> review;

  private NodeDht(
      Host host, Identity identity, Part part, boolean ipfs, Clock clock, SecureRandom random) {
    this.host = host;
    this.identity = identity;
    this.clock = clock;
    this.random = random;
    KadMode mode = part == Part.CLIENT ? KadMode.CLIENT : KadMode.SERVER;
    this.kad = Kad.start(host, KadParams.STANDARD.withMode(mode), clock, random.nextLong());
    this.ipfs =
        ipfs
            ? Optional.of(Kad.start(host, KadParams.ipfsClient(), clock, random.nextLong()))
            : Optional.empty();
    this.review =
        part == Part.AUTO
            ? Optional.of(Thread.ofVirtual().name("dht mode").start(this::review))
            : Optional.empty();
  }

  /// @param ipfs whether to look in the public DHT too
  public static NodeDht start(
      Host host, Identity identity, Part part, boolean ipfs, Clock clock, SecureRandom random) {
    return new NodeDht(host, identity, part, ipfs, clock, random);
  }

  /// A server that nobody can dial only costs others time: whoever has peers on the internet, but
  /// no address there, asks only.
  private void review() {
    try {
      while (true) {
        Thread.sleep(REVIEW);
        KadMode fit = reachable() ? KadMode.SERVER : KadMode.CLIENT;
        if (kad.mode() != fit) {
          LOG.log(Level.INFO, () -> "part in the DHT: " + fit);
          kad.mode(fit);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean reachable() {
    boolean dialable = host.addresses().stream().anyMatch(a -> onInternet(Neighbourhood.of(a)));
    boolean outside =
        host.peers().stream()
            .flatMap(p -> host.info(p).stream())
            .anyMatch(i -> onInternet(Neighbourhood.of(i.remote())));
    return dialable || !outside;
  }

  private static boolean onInternet(Optional<Neighbourhood> place) {
    return place.filter(p -> !p.local()).isPresent();
  }

  /// The DHT of Cairn's own.
  public Kad kad() {
    return kad;
  }

  /// The public one of IPFS.
  public Optional<Kad> ipfs() {
    return ipfs;
  }

  /// Cairn's own, and the public one where this node asks it too.
  public List<Kad> all() {
    return Stream.concat(Stream.of(kad), ipfs.stream()).toList();
  }

  /// Looks for a random key; whoever is near it is somebody.
  @Override
  public List<Told> walk() throws InterruptedException {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    List<Told> found = new ArrayList<>();
    for (PeerAddresses peer : kad.closest(key)) {
      found.add(new Told(peer.peer(), peer.addresses(), Optional.empty()));
    }
    return found;
  }

  /// Where a peer is: in Cairn's DHT, else in the public one.
  public Optional<PeerAddresses> findPeer(PeerId peer) throws InterruptedException {
    Optional<PeerAddresses> found = kad.findPeer(peer);
    return found.isPresent() || ipfs.isEmpty() ? found : ipfs.get().findPeer(peer);
  }

  /// Who has what the hash names: in Cairn's DHT, then in the public one.
  public List<PeerAddresses> providers(Multihash key, int max) throws InterruptedException {
    Map<PeerId, PeerAddresses> found = new LinkedHashMap<>();
    kad.providers(key, max, p -> found.putIfAbsent(p.peer(), p));
    if (ipfs.isPresent() && found.size() < max) {
      ipfs.get().providers(key, max - found.size(), p -> found.putIfAbsent(p.peer(), p));
    }
    return List.copyOf(found.values());
  }

  /// What a peer has put under a name of its own.
  public Optional<SignedRecord> get(PeerId owner, String name) throws InterruptedException {
    return kad.getValue(SignedRecord.key(owner, name)).map(SignedRecord::open);
  }

  /// What came of a put.
  ///
  /// @param peers that store it
  public record Put(SignedRecord record, int peers) {}

  /// Puts a value under a name of this node's own, signed with its identity.
  ///
  /// @throws IllegalArgumentException when name or value is too long
  public Put put(String name, byte[] value) throws InterruptedException {
    long now = clock.now().wallMillis();
    byte[] envelope = SignedRecord.seal(identity, name, now, now + RECORD_LIFE.toMillis(), value);
    int peers = kad.putValue(SignedRecord.key(identity.id(), name), envelope);
    return new Put(SignedRecord.open(envelope), peers);
  }

  @Override
  public void close() {
    review.ifPresent(Thread::interrupt);
    ipfs.ifPresent(Kad::close);
    kad.close();
  }
}
