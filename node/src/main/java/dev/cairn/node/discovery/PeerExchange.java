package dev.cairn.node.discovery;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.RequestResponse;
import dev.cairn.libp2p.host.StreamLimits;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.machine.Clock;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The stream protocol `/cairn/<chain>/peers/1`: peers of one chain hand on each other's signed
/// records (spec/peers.md). Every request runs on a virtual thread.
final class PeerExchange implements AutoCloseable {

  private static final StreamLimits LIMITS = new StreamLimits(2, 128);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Logger LOG = System.getLogger(PeerExchange.class.getName());

  private final Host host;
  private final String protocol;
  private final Clock clock;
  private final Random random;
  private final AskRates rates = new AskRates();
  private final LongAdder answered = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder forged = new LongAdder();

  /// @param random safe for many threads
  PeerExchange(Host host, String chain, Clock clock, Random random) {
    this.host = host;
    this.protocol = protocol(chain);
    this.clock = clock;
    this.random = random;
  }

  static String protocol(String chain) {
    return "/cairn/" + chain + "/peers/1";
  }

  /// Answers others.
  ///
  /// @param known the records that may be handed on now
  void serve(Supplier<List<DiscoveryView.Shareable>> known) {
    RequestResponse.serve(
        host,
        protocol,
        LIMITS,
        PeersMessage.REQUEST_BYTES_MAX,
        TIMEOUT,
        (peer, request) -> answer(peer, request, known.get()));
  }

  private byte[] answer(PeerId peer, byte[] request, List<DiscoveryView.Shareable> known)
      throws IOException {
    int count = PeersMessage.readRequest(request);
    if (!rates.admits(peer, clock.now().nanos())) {
      refused.increment();
      throw new IOException(peer + " asks for peers too often");
    }
    answered.increment();
    List<DiscoveryView.Shareable> chosen = new ArrayList<>(known);
    chosen.removeIf(s -> s.peer().equals(peer));
    Collections.shuffle(chosen, random);
    return PeersMessage.answer(
        chosen.stream().limit(count).map(s -> s.envelope().toArrayUnsafe()).toList());
  }

  /// Asks a connected peer and hands in what it says.
  void ask(PeerId peer, Consumer<DiscoveryInput> submit) {
    Thread.ofVirtual()
        .name("peers from " + peer)
        .start(
            () -> {
              try {
                byte[] answer =
                    RequestResponse.request(
                        host,
                        peer,
                        protocol,
                        PeersMessage.request(PeersMessage.RECORDS_MAX),
                        PeersMessage.ANSWER_BYTES_MAX,
                        TIMEOUT);
                submit.accept(judge(peer, answer));
              } catch (IOException e) {
                LOG.log(Level.DEBUG, () -> "no peers from " + peer + ": " + e.getMessage());
              }
            });
  }

  /// Opens every record. An answerer has checked each before it handed it on, so one that is wrong
  /// is the answerer's doing.
  private DiscoveryInput judge(PeerId peer, byte[] answer) {
    try {
      List<Told> told = new ArrayList<>();
      for (byte[] envelope : PeersMessage.readAnswer(answer)) {
        told.add(Told.open(envelope));
      }
      return new DiscoveryInput.Found(Source.EXCHANGE, Optional.of(peer), told);
    } catch (MalformedException e) {
      forged.increment();
      return new DiscoveryInput.Forged(peer, "its peers are forged: " + e.getMessage());
    }
  }

  long answered() {
    return answered.sum();
  }

  long refused() {
    return refused.sum();
  }

  long forged() {
    return forged.sum();
  }

  @Override
  public void close() {
    host.unhandle(protocol);
  }
}
