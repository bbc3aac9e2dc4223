package dev.cairn.core.transaction;

import dev.cairn.core.Hash;
import dev.cairn.multiformats.cbor.Slice;
import java.nio.charset.StandardCharsets;

/// What every signature covers besides the thing signed, so that it is good on one chain and under
/// one version of its rules only: `"cairn/<kind>/1" || 0x00 || chainId || forkVersion || slice`,
/// the fork version as four bytes, big-endian.
///
/// @param forkVersion 0 to 2^31-1; which one holds at a height is in the chain spec
public record SigningDomain(Hash chainId, int forkVersion) {

  /// The kind of a transaction's signature.
  public static final String TRANSACTION = "tx";

  /// The kind of a block header's seal.
  public static final String BLOCK = "block";

  /// The kind of a validator's proof that it holds its key.
  public static final String POSSESSION = "possession";

  /// For what is signed before there is a chain: a proof of possession in a chain spec, whose hash
  /// is the chain's id.
  public static final SigningDomain NO_CHAIN = new SigningDomain(Hash.ZERO, 0);

  /// The bytes to sign.
  ///
  /// @param kind lowercase ASCII: what is signed
  public byte[] message(String kind, Slice signed) {
    byte[] label = ("cairn/" + kind + "/1").getBytes(StandardCharsets.US_ASCII);
    int start = label.length + 1 + Hash.BYTES + Integer.BYTES;
    byte[] message = new byte[start + signed.length()];
    System.arraycopy(label, 0, message, 0, label.length);
    chainId.write(message, label.length + 1);
    for (int i = 1; i <= Integer.BYTES; i++) {
      message[start - i] = (byte) (forkVersion >>> (8 * (i - 1)));
    }
    System.arraycopy(signed.source(), signed.offset(), message, start, signed.length());
    return message;
  }
}
