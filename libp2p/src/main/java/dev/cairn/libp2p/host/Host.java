package dev.cairn.libp2p.host;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peerstore.Peerstore;
import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A libp2p peer on this computer: it listens, dials, and runs protocols over the streams of one
/// connection for each remote peer.
///
/// Everything that can wait for the network blocks, so call it on a virtual thread. Every method
/// may be called from any thread.
public interface Host extends AutoCloseable {

  PeerId id();

  /// Where this host can be reached, without `/p2p`: never an unspecified address such as 0.0.0.0.
  List<Multiaddr> addresses();

  /// Makes sure that there is a connection to the peer, dialling the addresses given and those the
  /// peerstore knows.
  ///
  /// @throws IOException when no address answers as that peer within the dial's deadline
  void connect(PeerId peer, List<Multiaddr> addresses) throws IOException;

  /// Connects to whoever answers at the address; with a `/p2p` part, only to that peer.
  PeerId connect(Multiaddr address) throws IOException;

  /// Opens a stream to a connected peer with the first of the protocols that it speaks.
  ///
  /// Where identify has told that the peer speaks one of them, the negotiation travels with the
  /// first bytes written and its answer is read with the first bytes read (one round trip less): a
  /// refusal then shows as an [IOException] of that read.
  ///
  /// @throws IOException when there is no connection, a limit is reached, or the peer speaks none
  Stream open(PeerId peer, List<String> protocols) throws IOException;

  /// Serves a protocol. Its handler runs on a virtual thread for each inbound stream.
  void handle(String protocol, StreamHandler handler, StreamLimits limits);

  /// Stops serving a protocol; streams that run go on.
  void unhandle(String protocol);

  /// The peers with a connection.
  List<PeerId> peers();

  /// What is known of a connected peer.
  Optional<PeerInfo> info(PeerId peer);

  /// A subscription to connections, beginning with the peers that are connected now.
  PeerEvents events();

  /// Closes the connection to a peer, if there is one.
  ///
  /// @param reason for the log, in a few words
  void disconnect(PeerId peer, String reason);

  /// Keeps a peer's connection when connections are pruned, until released under the same tag.
  void protect(PeerId peer, String tag);

  /// Undoes [#protect].
  void unprotect(PeerId peer, String tag);

  Peerstore peerstore();

  HostMetrics metrics();

  @Override
  void close();
}
