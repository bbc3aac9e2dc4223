package dev.cairn.files.send;

import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;

/// How far an offer has come, with the words for it.
///
/// @param bytes of content that the receiver has
/// @param reason a sentence where it was refused or failed, else empty
public record OfferStatus(OfferState state, long bytes, String reason) {

  /// The longest reason, in bytes of UTF-8.
  public static final int REASON_BYTES_MAX = 512;

  public static OfferStatus of(OfferState state) {
    return new OfferStatus(state, 0, "");
  }

  public static OfferStatus refused(String reason) {
    return new OfferStatus(OfferState.REFUSED, 0, cut(reason));
  }

  OfferStatus failed(String why) {
    return new OfferStatus(OfferState.FAILED, bytes, cut(why));
  }

  OfferStatus with(OfferState next) {
    return new OfferStatus(next, bytes, "");
  }

  OfferStatus withBytes(long have) {
    return new OfferStatus(state, have, reason);
  }

  /// At most a quarter of the limit in characters, each of which has at most four bytes.
  private static String cut(String text) {
    int max = REASON_BYTES_MAX / 4;
    String clean = text.replaceAll("[\\p{Cntrl}\\p{Cs}]", " ");
    return clean.length() <= max ? clean : clean.substring(0, max);
  }

  byte[] encode() {
    CborWriter writer = new CborWriter().array(3);
    write(writer);
    return writer.toBytes();
  }

  void write(CborWriter writer) {
    writer.uint(state.code()).uint(bytes).text(reason);
  }

  static OfferStatus decode(byte[] encoded) {
    CborReader reader = new CborReader(encoded);
    reader.array(3);
    OfferStatus status = read(reader);
    reader.end();
    return status;
  }

  static OfferStatus read(CborReader reader) {
    return new OfferStatus(
        OfferState.of(reader.uint()), reader.uint(), cut(reader.text(REASON_BYTES_MAX)));
  }
}
