package dev.cairn.files.send;

import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;

/// A request on `/cairn/send/1` (spec/share.md). Every one is answered with an [OfferStatus].
sealed interface SendMessage {

  /// Bytes of the longest message: an offer with the longest name and CID.
  int BYTES_MAX = 1_024;

  /// From the sender, as often as it likes: what it would like to give. The answer says how far it
  /// has come.
  record Offered(Offer offer) implements SendMessage {}

  /// From the receiver: how far it has come. The answer is [OfferState#WITHDRAWN] when the sender
  /// no longer gives it.
  record Reported(String id, OfferStatus status) implements SendMessage {}

  /// From the sender: it takes the offer back.
  record Withdrawn(String id) implements SendMessage {}

  default byte[] encode() {
    CborWriter writer = new CborWriter();
    switch (this) {
      case Offered(Offer offer) -> offer.write(writer.array(6).uint(0));
      case Reported(String id, OfferStatus status) ->
          status.write(writer.array(5).uint(1).bytes(Hex.decode(id)));
      case Withdrawn(String id) -> writer.array(2).uint(2).bytes(Hex.decode(id));
    }
    return writer.toBytes();
  }

  /// @throws MalformedException when it is none
  static SendMessage decode(byte[] encoded) {
    CborReader reader = new CborReader(encoded);
    int items = reader.array();
    long kind = reader.uint(2);
    SendMessage message;
    if (kind == 0 && items == 6) {
      message = new Offered(Offer.read(reader));
    } else if (kind == 1 && items == 5) {
      message = new Reported(id(reader), OfferStatus.read(reader));
    } else if (kind == 2 && items == 2) {
      message = new Withdrawn(id(reader));
    } else {
      throw new MalformedException("message " + kind + " with " + items + " items");
    }
    reader.end();
    return message;
  }

  private static String id(CborReader reader) {
    return Hex.encode(reader.bytesOf(Offer.ID_BYTES));
  }
}
