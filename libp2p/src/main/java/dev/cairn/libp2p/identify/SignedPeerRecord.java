package dev.cairn.libp2p.identify;

import dev.cairn.libp2p.peer.Envelope;
import dev.cairn.libp2p.peer.Identity;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;

/// A peer's addresses in an envelope that only the peer can have signed (RFC 0002 and RFC 0003), so
/// that others can pass it on.
///
/// @param peer whose addresses they are
/// @param sequence grows with each record of the peer; an older one must not replace a newer
/// @param addresses where the peer listens, without `/p2p`
public record SignedPeerRecord(PeerId peer, long sequence, List<Multiaddr> addresses) {

  /// The type is the multicodec of peer records, 0x0301, as two bytes.
  private static final Envelope.Kind ENVELOPE =
      new Envelope.Kind("libp2p-peer-record", new byte[] {0x03, 0x01});

  public SignedPeerRecord {
    addresses = List.copyOf(addresses);
  }

  /// Signs the record and puts it into its envelope.
  public static byte[] seal(Identity identity, long sequence, List<Multiaddr> addresses) {
    ProtobufWriter record =
        new ProtobufWriter(512).bytes(1, identity.id().bytes()).varint(2, sequence);
    for (Multiaddr address : addresses) {
      record.message(3, new ProtobufWriter().bytes(1, address.encode()));
    }
    return ENVELOPE.seal(identity, record.toBytes());
  }

  /// Opens an envelope.
  ///
  /// @throws MalformedException when it is malformed, its signature is wrong, or the record is not
  ///   about the peer that signed it
  public static SignedPeerRecord open(byte[] envelope) {
    Envelope opened = ENVELOPE.open(envelope);
    SignedPeerRecord record = decode(opened.payload());
    if (!record.peer().equals(opened.peer())) {
      throw new MalformedException("peer record of another peer than its signer");
    }
    return record;
  }

  private static SignedPeerRecord decode(byte[] payload) {
    ProtobufReader reader = new ProtobufReader(payload);
    byte[] peer = {};
    long sequence = 0;
    List<Multiaddr> addresses = new ArrayList<>();
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> peer = reader.bytes(PeerId.TEXT_CHARS_MAX);
        case 2 -> sequence = reader.varint(Long.MAX_VALUE);
        case 3 -> address(reader.message(), addresses);
        default -> {}
      }
    }
    return new SignedPeerRecord(PeerId.decode(peer), sequence, addresses);
  }

  private static void address(ProtobufReader info, List<Multiaddr> addresses) {
    while (info.next()) {
      if (info.field() == 1) {
        IdentifyMessage.addAddress(info.bytes(Envelope.BYTES_MAX), addresses);
      }
    }
  }
}
