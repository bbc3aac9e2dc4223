package dev.cairn.core;

import dev.cairn.multiformats.Bech32m;
import dev.cairn.multiformats.MalformedException;

/// An account: a 32-byte Ed25519 public key, shown as bech32m with the prefix `cairn`.
///
/// Any 32 bytes are an address; only the holder of a key can spend from one.
public final class Address implements Comparable<Address> {

  public static final int BYTES = 32;
  public static final String PREFIX = "cairn";

  private final Hash key;

  private Address(Hash key) {
    this.key = key;
  }

  /// The address of a public key.
  ///
  /// @throws MalformedException when there are not exactly 32 bytes
  public static Address of(byte[] publicKey) {
    if (publicKey.length != BYTES) {
      throw new MalformedException("an address has 32 bytes, not " + publicKey.length);
    }
    return new Address(Hash.at(publicKey, 0));
  }

  /// Reads an address as people write it.
  ///
  /// @throws MalformedException when the checksum, the prefix or the length is wrong
  public static Address parse(String text) {
    return of(Bech32m.decode(PREFIX, text));
  }

  /// A fresh array with the 32 bytes of the public key.
  public byte[] publicKey() {
    return key.bytes();
  }

  /// Writes the 32 bytes at `offset`.
  public void write(byte[] target, int offset) {
    key.write(target, offset);
  }

  @Override
  public int compareTo(Address other) {
    return key.compareTo(other.key);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Address a && key.equals(a.key);
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  /// The bech32m text, 64 characters that start with `cairn1`.
  @Override
  public String toString() {
    return Bech32m.encode(PREFIX, key.bytes());
  }
}
