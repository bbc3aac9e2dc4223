package dev.cairn.core.chainspec;

import dev.cairn.core.Address;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.crypto.Ed25519;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import org.apache.tuweni.bytes.Bytes;

/// A validator that a chain starts with.
///
/// @param key its public key, 32 bytes
/// @param possession signature by that key, 64 bytes: `[key, account]` under
///   [SigningDomain#NO_CHAIN], kind `possession`. Without it somebody could enter a key that is
///   another's
/// @param account who receives its fees
/// @param stake base units, at least 1
public record GenesisValidator(Bytes key, Bytes possession, Address account, long stake) {

  /// Makes the entry of the validator who holds this key.
  public static GenesisValidator of(Ed25519Key key, Address account, long stake) {
    byte[] signature = key.sign(possessionMessage(key.publicKey(), account));
    return new GenesisValidator(Bytes.wrap(key.publicKey()), Bytes.wrap(signature), account, stake);
  }

  /// Whether the holder of the key signed the entry.
  public boolean verify() {
    return Ed25519.verify(
        key.toArrayUnsafe(),
        possessionMessage(key.toArrayUnsafe(), account),
        possession.toArrayUnsafe());
  }

  ValidatorEntry entry() {
    return new ValidatorEntry(key, account, stake);
  }

  private static byte[] possessionMessage(byte[] key, Address account) {
    byte[] signed = new CborWriter().array(2).bytes(key).bytes(account.publicKey()).toBytes();
    return SigningDomain.NO_CHAIN.message(SigningDomain.POSSESSION, Slice.of(signed));
  }
}
