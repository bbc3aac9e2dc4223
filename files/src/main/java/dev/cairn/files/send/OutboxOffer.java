package dev.cairn.files.send;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;

/// An offer that this peer has made.
///
/// @param status as the receiver said last
/// @param told whether the receiver has answered at all
/// @param sinceMillis when it was made, milliseconds since 1970
/// @param changedMillis when the status changed last
public record OutboxOffer(
    PeerId to,
    Offer offer,
    OfferStatus status,
    boolean told,
    long sinceMillis,
    long changedMillis) {

  OutboxOffer with(OfferStatus next, long nowMillis) {
    return new OutboxOffer(to, offer, next, true, sinceMillis, nowMillis);
  }

  void write(CborWriter writer) {
    writer.array(12).bytes(to.bytes());
    offer.write(writer);
    status.write(writer);
    writer.bool(told).uint(sinceMillis).uint(changedMillis);
  }

  static OutboxOffer read(CborReader reader) {
    reader.array(12);
    return new OutboxOffer(
        PeerId.decode(reader.bytes(PeerId.TEXT_CHARS_MAX)),
        Offer.read(reader),
        OfferStatus.read(reader),
        reader.bool(),
        reader.uint(),
        reader.uint());
  }
}
