package dev.cairn.libp2p.host;

import dev.cairn.libp2p.identify.IdentifyMessage;
import dev.cairn.libp2p.identify.SignedPeerRecord;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.libp2p.protobuf.Delimited;
import dev.cairn.libp2p.swarm.PeerConnection;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// identify and identify/push: what each side tells the other of itself, and what is believed.
final class IdentifyService {

  static final String IDENTIFY = "/ipfs/id/1.0.0";
  static final String PUSH = "/ipfs/id/push/1.0.0";

  private final Identity identity;
  private final HostParams params;
  private final Supplier<List<Multiaddr>> addresses;
  private final Supplier<List<String>> protocols;
  private final Peerstore peerstore;
  private final ObservedAddresses observed;
  private final ReentrantLock lock = new ReentrantLock();
  private long sequence;

  /// @param firstSequence for our signed peer record: above that of any earlier run, so the time
  IdentifyService(
      Identity identity,
      HostParams params,
      Supplier<List<Multiaddr>> addresses,
      Supplier<List<String>> protocols,
      Peerstore peerstore,
      ObservedAddresses observed,
      long firstSequence) {
    this.identity = identity;
    this.params = params;
    this.addresses = addresses;
    this.protocols = protocols;
    this.peerstore = peerstore;
    this.observed = observed;
    this.sequence = firstSequence;
  }

  /// What we say of ourselves to one peer. Each record has a sequence number of its own, and a
  /// later number never goes with an earlier list of protocols.
  IdentifyMessage ours(Multiaddr remote) {
    List<Multiaddr> listening = addresses.get();
    List<String> serving;
    long number;
    lock.lock();
    try {
      serving = protocols.get();
      number = sequence++;
    } finally {
      lock.unlock();
    }
    return new IdentifyMessage(
        Optional.of(identity.publicKey().encode()),
        listening,
        serving,
        Optional.of(remote),
        Optional.of(params.protocolVersion()),
        Optional.of(params.agent()),
        Optional.of(SignedPeerRecord.seal(identity, number, listening)));
  }

  /// Writes our message and ends the stream's half.
  void send(Stream stream, Multiaddr remote) throws IOException {
    for (byte[] part : ours(remote).encode()) {
      Delimited.write(stream.output(), part);
    }
    stream.closeWrite();
  }

  /// Reads all messages of a stream up to its end.
  static IdentifyMessage read(InputStream in) throws IOException {
    List<byte[]> messages = new ArrayList<>();
    try {
      while (messages.size() <= IdentifyMessage.MESSAGES_MAX) {
        messages.add(Delimited.read(in, IdentifyMessage.MESSAGE_BYTES_MAX));
      }
    } catch (EOFException end) {
      if (messages.isEmpty()) {
        throw end;
      }
    }
    return IdentifyMessage.decode(messages);
  }

  /// Takes over what a connected peer has said; true when its protocols have changed.
  ///
  /// @throws MalformedException when it speaks for another peer
  boolean learn(PeerConnection connection, IdentifyMessage message) {
    PeerId peer = connection.peer();
    message.publicKey().ifPresent(key -> requireKeyOf(peer, key));
    Multiaddr remote = connection.connection().remote();
    List<Multiaddr> listening = message.addresses();
    OptionalLong sequence = OptionalLong.empty();
    if (message.record().isPresent()) {
      SignedPeerRecord record = SignedPeerRecord.open(message.record().get());
      if (!record.peer().equals(peer)) {
        throw new MalformedException("signed record of " + record.peer() + " from " + peer);
      }
      sequence = OptionalLong.of(record.sequence());
      listening = AddressScope.within(record.addresses(), remote);
      if (peerstore.replace(peer, listening, record.sequence(), Peerstore.TOLD_TTL)) {
        peerstore.keepRecord(peer, record.sequence(), message.record().get());
      }
    } else {
      listening = AddressScope.within(listening, remote);
      peerstore.add(peer, listening, Peerstore.TOLD_TTL);
    }
    if (!connection.outbound()) {
      message.observed().ifPresent(address -> observed.add(remote, address));
    }
    return connection.learn(message, listening, sequence);
  }

  private static void requireKeyOf(PeerId peer, byte[] encoded) {
    if (!PeerId.of(PublicKey.decode(encoded)).equals(peer)) {
      throw new MalformedException("identify with the key of another peer than " + peer);
    }
  }
}
