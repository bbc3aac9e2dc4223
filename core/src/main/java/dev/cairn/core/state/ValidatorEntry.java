package dev.cairn.core.state;

import dev.cairn.core.Address;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.tuweni.bytes.Bytes;

/// A validator in the state: `[account, stake]` under its key.
///
/// @param key its public key, 32 bytes
/// @param account who receives the fees of the blocks it proposes
/// @param stake base units, at least 1
public record ValidatorEntry(Bytes key, Address account, long stake) {

  public static final int KEY_BYTES = 32;

  /// The parameter that lists the keys of all validators, ascending.
  public static final StateKey KEYS = StateKey.parameter("validators");

  /// @throws dev.cairn.multiformats.MalformedException when the bytes are not a validator
  public static ValidatorEntry decode(Bytes key, Bytes value) {
    CborReader reader = new CborReader(value.toArrayUnsafe());
    reader.array(2);
    ValidatorEntry entry =
        new ValidatorEntry(key, Address.of(reader.bytesOf(Address.BYTES)), reader.uint());
    reader.end();
    return entry;
  }

  public Bytes encode() {
    return Bytes.wrap(new CborWriter().array(2).bytes(account.publicKey()).uint(stake).toBytes());
  }

  /// The canonical encoding of a set, `[[key, account, stake], ...]` in the order given, which is
  /// ascending by key. Its SHA-256 names the set in headers.
  public static Bytes encodeSet(List<ValidatorEntry> validators) {
    CborWriter writer = new CborWriter().array(validators.size());
    for (ValidatorEntry v : validators) {
      writer.array(3).bytes(v.key().toArrayUnsafe());
      writer.bytes(v.account().publicKey()).uint(v.stake());
    }
    return Bytes.wrap(writer.toBytes());
  }

  /// Reads what [#encodeSet] wrote.
  ///
  /// @throws dev.cairn.multiformats.MalformedException when the bytes are not a set
  public static List<ValidatorEntry> decodeSet(Bytes encoded) {
    CborReader reader = new CborReader(encoded.toArrayUnsafe());
    List<ValidatorEntry> validators = new ArrayList<>();
    for (int left = reader.array(); left > 0; left--) {
      reader.array(3);
      Bytes key = Bytes.wrap(reader.bytesOf(KEY_BYTES));
      validators.add(
          new ValidatorEntry(key, Address.of(reader.bytesOf(Address.BYTES)), reader.uint()));
    }
    reader.end();
    return validators;
  }

  /// The value of [#KEYS] for these validators.
  public static Bytes encodeKeys(List<ValidatorEntry> validators) {
    CborWriter writer = new CborWriter().array(validators.size());
    validators.forEach(v -> writer.bytes(v.key().toArrayUnsafe()));
    return Bytes.wrap(writer.toBytes());
  }
}
