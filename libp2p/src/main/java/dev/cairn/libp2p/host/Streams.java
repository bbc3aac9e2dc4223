package dev.cairn.libp2p.host;

import dev.cairn.libp2p.limits.StreamGate;
import dev.cairn.libp2p.swarm.Counters;
import dev.cairn.libp2p.swarm.PeerConnection;
import dev.cairn.libp2p.upgrade.Multistream;
import dev.cairn.libp2p.upgrade.MuxedStream;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;

/// Agrees on the protocol of each stream, in both directions, within the limits.
final class Streams {

  private static final Logger LOG = System.getLogger(Streams.class.getName());

  /// How long a stream over its protocol's limit waits for an earlier one that is just ending.
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Protocols protocols;
  private final StreamGate all;
  private final Duration negotiation;
  private final Deadlines deadlines;
  private final Counters counters;

  Streams(
      Protocols protocols,
      StreamGate all,
      Duration negotiation,
      Deadlines deadlines,
      Counters counters) {
    this.protocols = protocols;
    this.all = all;
    this.negotiation = negotiation;
    this.deadlines = deadlines;
    this.counters = counters;
  }

  /// Takes a stream that a peer has opened: resets it when a limit is reached, else serves it on a
  /// thread of its own.
  void accept(PeerConnection connection, MuxedStream muxed) {
    if (!all.enter()) {
      refuse(muxed);
    } else if (!connection.inboundStreams().enter()) {
      all.leave();
      refuse(muxed);
    } else {
      connection.streams().incrementAndGet();
      counters.streamsOpened.increment();
      Runnable release =
          () -> {
            connection.streams().decrementAndGet();
            connection.inboundStreams().leave();
            all.leave();
          };
      Thread.ofVirtual().name("stream").start(() -> serve(connection, muxed, release));
    }
  }

  private void refuse(MuxedStream muxed) {
    counters.streamsRefused.increment();
    muxed.reset();
  }

  private void serve(PeerConnection connection, MuxedStream muxed, Runnable release) {
    try {
      Optional<String> protocol = negotiate(muxed);
      Optional<Protocols.Served> served = protocol.flatMap(protocols::get);
      if (served.isEmpty() || !served.get().gate().enter(connection.peer(), PATIENCE)) {
        refuse(muxed);
        return;
      }
      try {
        run(connection, muxed, protocol.get(), served.get());
      } finally {
        served.get().gate().leave(connection.peer());
      }
    } finally {
      release.run();
    }
  }

  private Optional<String> negotiate(MuxedStream muxed) {
    Future<?> late = deadlines.after(negotiation, muxed::reset);
    try {
      return Optional.of(Multistream.handle(muxed.input(), muxed.output(), protocols::contains));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "no protocol agreed: {0}", e.getMessage());
      return Optional.empty();
    } finally {
      late.cancel(false);
    }
  }

  private void run(
      PeerConnection connection, MuxedStream muxed, String protocol, Protocols.Served served) {
    NegotiatedStream stream =
        new NegotiatedStream(muxed, connection.peer(), protocol, true, false, deadlines, () -> {});
    try {
      served.handler().handle(stream);
      stream.close();
    } catch (IOException | MalformedException e) {
      counters.handlersFailed.increment();
      LOG.log(Level.DEBUG, "{0} from {1}: {2}", protocol, connection.peer(), e.getMessage());
      stream.reset();
    } catch (RuntimeException e) {
      counters.handlersFailed.increment();
      LOG.log(Level.WARNING, "handler of " + protocol + " failed", e);
      stream.reset();
    }
  }

  /// Opens a stream on a connection.
  ///
  /// @param known what the peer is known to serve: the first of the wanted protocols among it needs
  ///   no negotiation of its own
  Stream open(PeerConnection connection, List<String> wanted, List<String> known)
      throws IOException {
    if (!all.enter()) {
      throw new IOException("stream limit reached");
    }
    connection.streams().incrementAndGet();
    Runnable release =
        () -> {
          connection.streams().decrementAndGet();
          all.leave();
        };
    boolean opened = false;
    try {
      MuxedStream muxed = connection.connection().open();
      Stream stream = agree(connection, muxed, wanted, known, release);
      opened = true;
      counters.streamsOpened.increment();
      return stream;
    } finally {
      if (!opened) {
        release.run();
      }
    }
  }

  private Stream agree(
      PeerConnection connection,
      MuxedStream muxed,
      List<String> wanted,
      List<String> known,
      Runnable release)
      throws IOException {
    Optional<String> sure = wanted.stream().filter(known::contains).findFirst();
    if (sure.isPresent()) {
      return new NegotiatedStream(
          muxed, connection.peer(), sure.get(), false, true, deadlines, release);
    }
    Future<?> late = deadlines.after(negotiation, muxed::reset);
    try {
      String protocol = Multistream.select(muxed.input(), muxed.output(), wanted);
      return new NegotiatedStream(
          muxed, connection.peer(), protocol, false, false, deadlines, release);
    } catch (IOException e) {
      muxed.reset();
      throw e;
    } finally {
      late.cancel(false);
    }
  }
}
