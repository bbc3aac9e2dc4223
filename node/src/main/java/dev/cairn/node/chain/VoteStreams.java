package dev.cairn.node.chain;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerInfo;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.protobuf.Delimited;
import dev.cairn.multiformats.MalformedException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// The streams `/cairn/<chain>/straight/1` straight between validators, one each way, on which the
/// engine's messages do not wait behind transactions and blocks (spec/consensus.md, "Straight to
/// validators").
///
/// A stream is opened to each connected peer that a validator's signed heartbeat names. What a
/// stream does not take, or has not written when it ends, goes by gossip. Every method may be
/// called from any thread, and none waits for the network.
final class VoteStreams implements AutoCloseable {

  /// A validator opens one; a second may come before the end of the first is noticed.
  private static final StreamLimits LIMITS = new StreamLimits(2, 512);

  private static final Logger LOG = System.getLogger(VoteStreams.class.getName());

  private final Host host;
  private final String protocol;
  private final Receiver receiver;
  private final Consumer<byte[]> fallBack;
  private final Map<PeerId, VoteLink> links = new ConcurrentHashMap<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private volatile Known known = new Known(Set.of(), false);

  /// Validators that there may be streams to.
  ///
  /// @param all whether no other validator of the epoch is missing among them
  private record Known(Set<PeerId> peers, boolean all) {
    Known {
      peers = Set.copyOf(peers);
    }
  }

  /// What becomes of messages that arrive.
  interface Receiver {
    /// Takes one; it may wait while too many come.
    ///
    /// @param served validators that have been sent it as well, says the peer
    void take(PeerId from, byte[] message, Set<PeerId> served) throws InterruptedException;

    /// The peer broke the rules of the stream.
    void misbehaved(PeerId from, String reason);
  }

  /// @param chain the chain's short name
  /// @param fallBack gossips a message that a stream took and could not write
  VoteStreams(Host host, String chain, Receiver receiver, Consumer<byte[]> fallBack) {
    this.host = host;
    this.protocol = protocol(chain);
    this.receiver = receiver;
    this.fallBack = fallBack;
    host.handle(protocol, this::read, LIMITS);
  }

  static String protocol(String chain) {
    return "/cairn/" + chain + "/straight/1";
  }

  /// Says which peers are validators: streams are opened to those that are connected and serve the
  /// protocol, and taken from these alone. To be called again and again.
  ///
  /// @param all whether these are the peers of every other validator of the epoch
  void validators(Set<PeerId> peers, boolean all) {
    known = new Known(peers, all);
    for (VoteLink link : links.values()) {
      if (!peers.contains(link.peer())) {
        link.close();
      }
    }
    for (PeerId peer : peers) {
      if (!links.containsKey(peer)
          && host.info(peer)
              .map(PeerInfo::protocols)
              .filter(p -> p.contains(protocol))
              .isPresent()) {
        VoteLink link = new VoteLink(host, peer, protocol, this::ended);
        if (links.putIfAbsent(peer, link) == null) {
          link.start();
        }
      }
    }
  }

  private void ended(VoteLink link) {
    links.remove(link.peer(), link);
    link.left().forEach(fallBack);
  }

  /// Sends a message to all validators that there is a stream to.
  ///
  /// @return those that it was handed to; all others need it by gossip
  Set<PeerId> send(byte[] message) {
    Set<PeerId> served = new LinkedHashSet<>();
    StraightMessage straight = new StraightMessage(reachesAll(), message);
    for (VoteLink link : links.values()) {
      if (link.offer(straight)) {
        served.add(link.peer());
      }
    }
    sent.add(served.size());
    return served;
  }

  /// Whether each other validator of the epoch has a stream. Should one end before it has taken
  /// what is sent now, that is gossiped to its peer instead.
  private boolean reachesAll() {
    Known now = known;
    return now.all() && now.peers().stream().allMatch(this::isReady);
  }

  private boolean isReady(PeerId peer) {
    VoteLink link = links.get(peer);
    return link != null && link.ready();
  }

  /// Validators that there is a stream to, which has been accepted.
  int open() {
    return (int) links.values().stream().filter(VoteLink::ready).count();
  }

  long sent() {
    return sent.sum();
  }

  long received() {
    return received.sum();
  }

  /// Reads one stream of a validator to its end.
  private void read(Stream stream) throws IOException {
    PeerId peer = stream.peer();
    if (!known.peers().contains(peer)) {
      LOG.log(Level.DEBUG, () -> "no stream for votes from " + peer + ", not known as a validator");
      stream.reset();
      return;
    }
    try {
      InputStream in = new BufferedInputStream(stream.input(), 8_192);
      if (Delimited.read(in, 0).length == 0) {
        Delimited.write(stream.output(), new byte[0]);
      }
      while (known.peers().contains(peer)) {
        StraightMessage message =
            StraightMessage.decode(Delimited.read(in, StraightMessage.BYTES_MAX));
        received.increment();
        receiver.take(peer, message.data(), message.toAll() ? known.peers() : Set.of());
      }
      stream.reset();
    } catch (EOFException e) {
      stream.closeWrite();
    } catch (MalformedException e) {
      stream.reset();
      receiver.misbehaved(peer, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    host.unhandle(protocol);
    known = new Known(Set.of(), false);
    links.values().forEach(VoteLink::close);
  }
}
