package dev.cairn.files.send;

import dev.cairn.crypto.Sha256;
import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.Arrays;

/// An offer that this peer was made.
///
/// @param sinceMillis when it came, milliseconds since 1970
/// @param changedMillis when its status changed last
/// @param path where it lies once it is finished, else empty
public record InboxOffer(
    PeerId from,
    Offer offer,
    OfferStatus status,
    long sinceMillis,
    long changedMillis,
    String path) {

  private static final int PATH_BYTES_MAX = 4_096;

  /// The name of the offer on this peer: two senders may choose the same id.
  public String key() {
    return key(from, offer.id());
  }

  static String key(PeerId from, String id) {
    byte[] digest = Sha256.digest(from.bytes(), Hex.decode(id));
    return Hex.encode(Arrays.copyOf(digest, 6));
  }

  InboxOffer with(OfferStatus next, long nowMillis) {
    return new InboxOffer(from, offer, next, sinceMillis, nowMillis, path);
  }

  InboxOffer finished(String where, long nowMillis) {
    OfferStatus done = new OfferStatus(OfferState.FINISHED, offer.size(), "");
    return new InboxOffer(from, offer, done, sinceMillis, nowMillis, where);
  }

  void write(CborWriter writer) {
    writer.array(12).bytes(from.bytes());
    offer.write(writer);
    status.write(writer);
    writer.uint(sinceMillis).uint(changedMillis).text(path);
  }

  static InboxOffer read(CborReader reader) {
    reader.array(12);
    PeerId from = PeerId.decode(reader.bytes(PeerId.TEXT_CHARS_MAX));
    Offer offer = Offer.read(reader);
    OfferStatus status = OfferStatus.read(reader);
    return new InboxOffer(
        from, offer, status, reader.uint(), reader.uint(), reader.text(PATH_BYTES_MAX));
  }
}
