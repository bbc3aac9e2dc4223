package dev.cairn.core.staking;

import dev.cairn.core.Address;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.crypto.Ed25519;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import org.apache.tuweni.bytes.Bytes;

/// The proof that whoever registers a validator's key holds it: the key's signature over `[key,
/// account]`, kind `possession`, in [SigningDomain#NO_CHAIN] (spec/chainspec.md). It is good for
/// that account alone, so it is of no use to anyone else, on whatever chain.
public final class Possession {

  private Possession() {}

  /// Signs for an account; 64 bytes.
  public static Bytes prove(Ed25519Key key, Address account) {
    return Bytes.wrap(key.sign(message(key.publicKey(), account)));
  }

  /// Whether the holder of the key signed for this account.
  public static boolean verify(Bytes key, Address account, Bytes possession) {
    byte[] message = message(key.toArrayUnsafe(), account);
    return Ed25519.verify(key.toArrayUnsafe(), message, possession.toArrayUnsafe());
  }

  private static byte[] message(byte[] key, Address account) {
    byte[] signed = new CborWriter().array(2).bytes(key).bytes(account.publicKey()).toBytes();
    return SigningDomain.NO_CHAIN.message(SigningDomain.POSSESSION, Slice.of(signed));
  }
}
