import org.jspecify.annotations.NullMarked;

/// The libp2p network stack: transports, security, multiplexing and protocols.
@NullMarked
module dev.cairn.libp2p {
  requires static org.jspecify;
  requires transitive dev.cairn.crypto;
  requires transitive dev.cairn.machine;
  requires transitive dev.cairn.multiformats;

  exports dev.cairn.libp2p.gossipsub;
  exports dev.cairn.libp2p.host;
  exports dev.cairn.libp2p.identify;
  exports dev.cairn.libp2p.kad;
  exports dev.cairn.libp2p.limits;
  exports dev.cairn.libp2p.mdns;
  exports dev.cairn.libp2p.peer;
  exports dev.cairn.libp2p.peerstore;
  exports dev.cairn.libp2p.ping;
  exports dev.cairn.libp2p.protobuf;
  exports dev.cairn.libp2p.transport;
  exports dev.cairn.libp2p.upgrade;
}
