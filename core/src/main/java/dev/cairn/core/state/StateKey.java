package dev.cairn.core.state;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.multiformats.Hex;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.tuweni.bytes.Bytes;

/// A key of the state: one byte that says what kind of thing it names, then the name.
///
/// Ordered as its bytes are, unsigned. Immutable; its hash code is kept, since the ledger looks
/// each key up many times.
public final class StateKey implements Comparable<StateKey> {

  /// `0x01 || address`: an [Account].
  public static final int ACCOUNT = 0x01;

  /// `0x02 || owner || name`: a [RecordEntry].
  public static final int RECORD = 0x02;

  /// `0x03 || validator key`: a [ValidatorEntry].
  public static final int VALIDATOR = 0x03;

  /// `0x04 || name`: a parameter of the chain.
  public static final int PARAMETER = 0x04;

  /// `0x05 || epoch`, 8 bytes, big-endian: the validators of an epoch, as
  /// [ValidatorEntry#encodeSet].
  public static final int VALIDATOR_SET = 0x05;

  /// `0x06 || validator key`: stake on its way back to its accounts.
  public static final int UNBONDING = 0x06;

  /// `0x07 || validator key`: the key broke the rules of consensus and was punished.
  public static final int PUNISHED = 0x07;

  /// The longest key: a record's, with a name of 128 bytes.
  public static final int BYTES_MAX = 1 + Address.BYTES + RecordEntry.NAME_BYTES_MAX;

  private final byte[] bytes;
  private final int hash;

  private StateKey(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  public static StateKey account(Address address) {
    return new StateKey(prefixed(ACCOUNT, address));
  }

  /// @param name as [RecordEntry#checkName] accepts it
  public static StateKey record(Address owner, String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = Arrays.copyOf(prefixed(RECORD, owner), 1 + Address.BYTES + text.length);
    System.arraycopy(text, 0, bytes, 1 + Address.BYTES, text.length);
    return new StateKey(bytes);
  }

  /// @param key the validator's public key, 32 bytes
  public static StateKey validator(Bytes key) {
    return named(VALIDATOR, key.toArrayUnsafe());
  }

  /// @param epoch from 0
  public static StateKey validatorSet(long epoch) {
    return named(VALIDATOR_SET, ByteBuffer.allocate(Long.BYTES).putLong(epoch).array());
  }

  /// @param key the validator's public key, 32 bytes
  public static StateKey unbonding(Bytes key) {
    return named(UNBONDING, key.toArrayUnsafe());
  }

  /// @param key the validator's public key, 32 bytes
  public static StateKey punished(Bytes key) {
    return named(PUNISHED, key.toArrayUnsafe());
  }

  public static StateKey parameter(String name) {
    return named(PARAMETER, name.getBytes(StandardCharsets.UTF_8));
  }

  /// The key with these bytes, whatever they name.
  public static StateKey of(Bytes bytes) {
    return new StateKey(bytes.toArray());
  }

  private static StateKey named(int kind, byte[] name) {
    byte[] bytes = new byte[1 + name.length];
    bytes[0] = (byte) kind;
    System.arraycopy(name, 0, bytes, 1, name.length);
    return new StateKey(bytes);
  }

  private static byte[] prefixed(int kind, Address address) {
    byte[] bytes = new byte[1 + Address.BYTES];
    bytes[0] = (byte) kind;
    address.write(bytes, 1);
    return bytes;
  }

  /// What the key names: [#ACCOUNT] and its like; -1 for a key with no bytes.
  public int kind() {
    return bytes.length == 0 ? -1 : bytes[0] & 0xff;
  }

  /// The key's bytes.
  public Bytes bytes() {
    return Bytes.wrap(bytes);
  }

  /// Where the key stands in the state tree: the SHA-256 of its bytes.
  public Hash path() {
    return Hash.sha256(bytes);
  }

  @Override
  public int compareTo(StateKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof StateKey k && hash == k.hash && Arrays.equals(bytes, k.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return Hex.encode(bytes);
  }
}
