package dev.cairn.libp2p.upgrade;

import dev.cairn.libp2p.noise.Noise;
import dev.cairn.libp2p.noise.NoiseBuffers;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.secure.ReadAhead;
import dev.cairn.libp2p.secure.SecureLink;
import dev.cairn.libp2p.secure.Timer;
import dev.cairn.libp2p.transport.Link;
import dev.cairn.libp2p.yamux.YamuxBuffers;
import dev.cairn.libp2p.yamux.YamuxConnection;
import dev.cairn.machine.Clock;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Turns raw links into connections: multistream-select, Noise, yamux.
///
/// One for each host; safe from any thread. Whatever goes wrong closes the link.
public final class Upgrader {

  private static final int BUFFERS_MAX = 128;

  private final Noise noise;
  private final UpgradeParams params;
  private final Clock clock;
  private final Timer timer = new Timer();
  private final NoiseBuffers buffers = NoiseBuffers.of(BUFFERS_MAX);
  private final YamuxBuffers streamBuffers = YamuxBuffers.of(buffers.received());

  public Upgrader(Identity identity, UpgradeParams params) {
    this(identity, params, Clock.system(), new SecureRandom());
  }

  public Upgrader(Identity identity, UpgradeParams params, Clock clock, SecureRandom random) {
    this.noise = new Noise(identity, List.of(YamuxConnection.PROTOCOL), buffers, random);
    this.params = params;
    this.clock = clock;
  }

  /// Upgrades a link that we dialed.
  ///
  /// @param expected the peer that has to be at its end; empty when any will do
  /// @throws SocketTimeoutException when the whole takes longer than [UpgradeParams#timeout]
  /// @throws NoProtocolException when the peer speaks no protocol of ours
  /// @throws ProtocolException when the peer breaks a protocol or is not the one expected
  public Connection outbound(Link link, Optional<PeerId> expected) throws IOException {
    return upgrade(link, true, expected);
  }

  /// Upgrades a link that a peer dialed; throws as [#outbound] does.
  public Connection inbound(Link link) throws IOException {
    return upgrade(link, false, Optional.empty());
  }

  private Connection upgrade(Link link, boolean dialer, Optional<PeerId> expected)
      throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    Timer.Task deadline =
        timer.after(
            params.timeout(),
            () -> {
              late.set(true);
              link.close();
            });
    boolean done = false;
    try {
      ReadAhead in = new ReadAhead(link, buffers.reads());
      SecureLink secure = dialer ? dial(link, in, expected) : answer(link, in);
      agreeOnMuxer(secure, dialer);
      deadline.cancel();
      if (late.get()) {
        throw new IOException("too late");
      }
      YamuxConnection connection =
          new YamuxConnection(link, secure, dialer, params, streamBuffers, clock, timer).start();
      done = true;
      return connection;
    } catch (IOException e) {
      throw late.get() ? timeout(e) : e;
    } finally {
      deadline.cancel();
      if (!done) {
        link.close();
      }
    }
  }

  private SocketTimeoutException timeout(IOException cause) {
    SocketTimeoutException timeout =
        new SocketTimeoutException("the upgrade took longer than " + params.timeout());
    timeout.initCause(cause);
    return timeout;
  }

  /// The proposal of Noise and its first message leave together: only one protocol is on offer, so
  /// there is nothing to wait for.
  private SecureLink dial(Link link, ReadAhead in, Optional<PeerId> expected) throws IOException {
    return noise.dial(
        link,
        in,
        expected,
        Multistream.proposal(Noise.PROTOCOL),
        () -> Multistream.confirm(in.stream(), Noise.PROTOCOL));
  }

  /// What takes the proposal leaves with Noise's second message when the first is there already.
  private SecureLink answer(Link link, ReadAhead in) throws IOException {
    byte[] taken = Multistream.answer(in.stream(), link.output(), Noise.PROTOCOL);
    if (in.stream().available() == 0) {
      link.output().write(taken);
      taken = new byte[0];
    }
    return noise.answer(link, in, taken);
  }

  private static void agreeOnMuxer(SecureLink secure, boolean dialer) throws IOException {
    if (secure.muxer().isPresent()) {
      return;
    }
    List<String> muxers = List.of(YamuxConnection.PROTOCOL);
    if (dialer) {
      Multistream.select(secure.input(), secure.output(), muxers);
    } else {
      Multistream.handle(secure.input(), secure.output(), muxers);
    }
  }
}
