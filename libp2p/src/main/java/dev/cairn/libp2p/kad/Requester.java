package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerInfo;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.protobuf.Delimited;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import dev.cairn.multiformats.Protocol;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Sends the machine's requests: a virtual thread and a stream for each, dialling where there is no
/// connection yet, so many peers at a time.
final class Requester {

  /// Peers that are dialled at once for the DHT.
  static final int DIALS_MAX = 16;

  private static final Logger LOG = System.getLogger(Requester.class.getName());

  private final Host host;
  private final String protocol;
  private final Duration timeout;
  private final Consumer<KadInput> machine;
  private final Semaphore dials = new Semaphore(DIALS_MAX);

  Requester(Host host, String protocol, Duration timeout, Consumer<KadInput> machine) {
    this.host = host;
    this.protocol = protocol;
    this.timeout = timeout;
    this.machine = machine;
  }

  void start(KadEffect.Request request) {
    Thread.ofVirtual().name("kad request").start(() -> run(request));
  }

  private void run(KadEffect.Request request) {
    PeerId peer = request.to().peer();
    try {
      connect(request.to());
      machine.accept(exchange(request));
    } catch (IOException | MalformedException e) {
      LOG.log(Level.DEBUG, "{0} to {1}: {2}", request.question().type(), peer, e.getMessage());
      Optional<PeerInfo> info = host.info(peer);
      List<Multiaddr> listening = info.map(Requester::listening).orElse(List.of());
      machine.accept(new KadInput.Failed(request.id(), info.isPresent(), listening));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void connect(PeerAddresses to) throws IOException, InterruptedException {
    if (host.info(to.peer()).isPresent()) {
      return;
    }
    if (!dials.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IOException("too many dials");
    }
    try {
      host.connect(to.peer(), to.addresses());
    } finally {
      dials.release();
    }
  }

  private KadInput exchange(KadEffect.Request request) throws IOException {
    PeerId peer = request.to().peer();
    KadMessage question = request.question();
    try (Stream stream = host.open(peer, List.of(protocol))) {
      stream.expire(timeout);
      Delimited.write(stream.output(), KadCodec.encode(question));
      stream.closeWrite();
      if (question.type() == KadMessage.Type.ADD_PROVIDER) {
        // Its end says that the peer has taken it; a reset that it has not.
        if (stream.input().read() >= 0) {
          throw new IOException("an answer where there should be none");
        }
        return new KadInput.Sent(request.id());
      }
      byte[] answer = Delimited.read(stream.input(), KadCodec.MESSAGE_BYTES_MAX);
      Optional<PeerInfo> info = host.info(peer);
      return new KadInput.Answered(
          request.id(),
          info.map(PeerInfo::remote),
          info.map(Requester::listening).orElse(List.of()),
          KadCodec.decode(answer));
    }
  }

  /// Where a peer can be dialled: what just worked, and what it says itself.
  static List<Multiaddr> listening(PeerInfo info) {
    List<Multiaddr> all = new ArrayList<>();
    if (info.outbound()) {
      all.add(info.remote().decapsulate(Protocol.P2P).orElse(info.remote()));
    }
    all.addAll(info.addresses());
    return all;
  }
}
