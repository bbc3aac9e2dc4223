package dev.cairn.libp2p.noise;

import dev.cairn.crypto.X25519Key;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.secure.ReadAhead;
import dev.cairn.libp2p.secure.SecureLink;
import dev.cairn.libp2p.transport.Link;
import dev.cairn.multiformats.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// libp2p's Noise (`/noise`): the XX handshake, in which each side signs its static Noise key with
/// the key of its peer id.
///
/// One static key serves all handshakes of a host and is never stored, so its signature is made
/// once. Safe from any thread.
public final class Noise {

  /// The protocol's name.
  public static final String PROTOCOL = "/noise";

  /// What the identity key signs, in front of the static Noise key.
  static final String SIGNED_PREFIX = "noise-libp2p-static-key:";

  /// The longest handshake message: RSA keys and signatures of 8,192 bits fit.
  static final int HANDSHAKE_BYTES_MAX = 8_192;

  /// A step of the dialer between its first message and the first answer.
  @FunctionalInterface
  public interface Step {
    void run() throws IOException;
  }

  private final List<String> muxers;
  private final NoiseBuffers buffers;
  private final SecureRandom random;
  private final X25519Key staticKey;
  private final byte[] payload;

  /// @param muxers what we speak, the preferred one first; empty to leave it to later negotiation
  public Noise(Identity identity, List<String> muxers, NoiseBuffers buffers, SecureRandom random) {
    this.buffers = buffers;
    this.muxers = List.copyOf(muxers);
    this.random = random;
    this.staticKey = X25519Key.generate(random);
    byte[] signature = identity.key().sign(signed(staticKey.publicKey()));
    this.payload = new Payload(identity.publicKey().encode(), signature, this.muxers).encode();
  }

  static byte[] signed(byte[] staticKey) {
    byte[] prefix = SIGNED_PREFIX.getBytes(StandardCharsets.US_ASCII);
    byte[] signed = Arrays.copyOf(prefix, prefix.length + staticKey.length);
    System.arraycopy(staticKey, 0, signed, prefix.length, staticKey.length);
    return signed;
  }

  /// Runs the handshake as the side that dialed.
  ///
  /// @param expected the peer that has to be there; empty when any will do
  /// @param ahead written in front of the first message
  /// @param confirm reads the answer to `ahead`
  public SecureLink dial(
      Link link, ReadAhead in, Optional<PeerId> expected, byte[] ahead, Step confirm)
      throws IOException {
    Handshake handshake = begin(true);
    send(link.output(), ahead, handshake.write(new byte[0]));
    confirm.run();
    Payload theirs = open(handshake.read(receive(in)));
    PublicKey remote = authenticate(theirs, handshake.remoteStatic(), expected);
    send(link.output(), new byte[0], handshake.write(payload));
    return link(link, in, handshake, remote, agree(muxers, theirs.muxers()));
  }

  /// Runs the handshake as the side that was dialed.
  ///
  /// @param ahead written in front of the first message
  public SecureLink answer(Link link, ReadAhead in, byte[] ahead) throws IOException {
    byte[] first = receive(in);
    Handshake handshake = begin(false);
    handshake.read(first);
    send(link.output(), ahead, handshake.write(payload));
    Payload theirs = open(handshake.read(receive(in)));
    PublicKey remote = authenticate(theirs, handshake.remoteStatic(), Optional.empty());
    return link(link, in, handshake, remote, agree(theirs.muxers(), muxers));
  }

  private Handshake begin(boolean initiator) {
    return new Handshake(initiator, new byte[0], staticKey, X25519Key.generate(random));
  }

  private NoiseLink link(
      Link link, ReadAhead in, Handshake handshake, PublicKey remote, Optional<String> muxer) {
    CipherState[] ciphers = handshake.split();
    return new NoiseLink(in, link, buffers, ciphers[0], ciphers[1], remote, muxer);
  }

  /// The first of the initiator's muxers that the responder speaks too.
  private static Optional<String> agree(List<String> initiator, List<String> responder) {
    return initiator.stream().filter(responder::contains).findFirst();
  }

  private static Payload open(byte[] encoded) throws IOException {
    try {
      return Payload.decode(encoded);
    } catch (MalformedException e) {
      throw NoiseFault.of(e.getMessage(), e);
    }
  }

  private static PublicKey authenticate(
      Payload payload, byte[] remoteStatic, Optional<PeerId> expected) throws IOException {
    PublicKey key;
    try {
      key = PublicKey.decode(payload.identityKey());
    } catch (MalformedException e) {
      throw NoiseFault.of(e.getMessage(), e);
    }
    if (expected.isPresent() && !expected.get().equals(PeerId.of(key))) {
      throw NoiseFault.of("the peer is " + PeerId.of(key) + ", not " + expected.get());
    }
    if (!key.verify(signed(remoteStatic), payload.signature())) {
      throw NoiseFault.of("the signature of the peer's static key is wrong");
    }
    return key;
  }

  private static void send(OutputStream out, byte[] ahead, byte[] message) throws IOException {
    int length = message.length;
    byte[] frame = Arrays.copyOf(ahead, ahead.length + NoiseLink.LENGTH_BYTES + length);
    frame[ahead.length] = (byte) (length >>> 8);
    frame[ahead.length + 1] = (byte) length;
    System.arraycopy(message, 0, frame, ahead.length + NoiseLink.LENGTH_BYTES, length);
    out.write(frame);
  }

  private static byte[] receive(ReadAhead in) throws IOException {
    if (!in.require(NoiseLink.LENGTH_BYTES)) {
      throw new EOFException("the peer left during the handshake");
    }
    int length = in.buffer().getShort(in.buffer().position()) & 0xffff;
    if (length > HANDSHAKE_BYTES_MAX) {
      throw NoiseFault.of("a handshake message of " + length + " bytes");
    }
    // Never false: the length's two bytes are there already.
    in.require(NoiseLink.LENGTH_BYTES + length);
    byte[] message = new byte[length];
    in.buffer().getShort();
    in.buffer().get(message);
    return message;
  }
}
