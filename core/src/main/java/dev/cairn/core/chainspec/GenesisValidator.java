package dev.cairn.core.chainspec;

import dev.cairn.core.Address;
import dev.cairn.core.staking.Possession;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.crypto.Ed25519Key;
import org.apache.tuweni.bytes.Bytes;

/// A validator that a chain starts with.
///
/// @param key its public key, 32 bytes
/// @param possession signature by that key, 64 bytes, as [Possession] makes it. Without it somebody
///   could enter a key that is another's
/// @param account who receives its fees
/// @param stake base units, at least 1
public record GenesisValidator(Bytes key, Bytes possession, Address account, long stake) {

  /// Makes the entry of the validator who holds this key.
  public static GenesisValidator of(Ed25519Key key, Address account, long stake) {
    Bytes possession = Possession.prove(key, account);
    return new GenesisValidator(Bytes.wrap(key.publicKey()), possession, account, stake);
  }

  /// Whether the holder of the key signed the entry.
  public boolean verify() {
    return Possession.verify(key, account, possession);
  }

  ValidatorEntry entry() {
    return new ValidatorEntry(key, account, stake);
  }
}
