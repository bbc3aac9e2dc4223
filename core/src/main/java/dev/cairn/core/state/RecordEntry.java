package dev.cairn.core.state;

import dev.cairn.core.Address;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// The latest version of a record in the state, `[owner, version, value, transaction]`.
///
/// @param version 1 for the first, one more with each change; a deletion counts
/// @param value empty for a deleted record: its version number goes on, so that a later writer who
///   expects an older version is still refused
/// @param transaction the CID of the transaction that wrote this version
public record RecordEntry(
    Address owner, long version, Optional<RecordValue> value, Cid transaction) {

  /// The longest name of a record, in bytes of UTF-8.
  public static final int NAME_BYTES_MAX = 128;

  /// The longest inline value; the limit on a transaction's size is a little lower in effect.
  public static final int VALUE_BYTES_MAX = 32 * 1024;

  /// @throws MalformedException when the bytes are not a record
  public static RecordEntry decode(Bytes bytes) {
    CborReader reader = new CborReader(bytes.toArrayUnsafe());
    reader.array(4);
    Address owner = Address.of(reader.bytesOf(Address.BYTES));
    long version = reader.uint();
    Optional<RecordValue> value =
        reader.tryNull()
            ? Optional.empty()
            : Optional.of(RecordValue.read(reader, VALUE_BYTES_MAX));
    Cid transaction = reader.link();
    reader.end();
    return new RecordEntry(owner, version, value, transaction);
  }

  /// The version alone of an encoded one, which is not checked any further.
  ///
  /// @throws MalformedException when the bytes do not start as a record does
  public static long versionOf(Bytes bytes) {
    CborReader reader = new CborReader(bytes.toArrayUnsafe());
    reader.array(4);
    var _ = reader.bytesSlice(Address.BYTES);
    return reader.uint();
  }

  public Bytes encode() {
    int size = 1 + CborWriter.bytesSize(Address.BYTES) + CborWriter.uintSize(version);
    size += value.map(RecordValue::size).orElse(1) + CborWriter.linkSize(transaction);
    CborWriter writer = new CborWriter(size).array(4).bytes(owner.publicKey()).uint(version);
    value.ifPresentOrElse(v -> v.write(writer), writer::nul);
    return Bytes.wrap(writer.link(transaction).toBytes());
  }

  /// Checks a record's name: 1 to 128 bytes of UTF-8 in Unicode's NFC form, every code point
  /// assigned.
  ///
  /// Two spellings of one name would be two records, so only the composed one is a name.
  ///
  /// @return the name
  /// @throws MalformedException when it is not one
  public static String checkName(String name) {
    boolean ascii = true;
    for (int i = 0; i < name.length(); i++) {
      ascii &= name.charAt(i) < 0x80;
    }
    int bytes = ascii ? name.length() : name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > NAME_BYTES_MAX) {
      throw new MalformedException("a record's name has 1 to 128 bytes, not " + bytes);
    }
    if (!ascii) {
      // What an unassigned code point will compose with is not known yet.
      if (!name.codePoints().allMatch(RecordEntry::assigned)) {
        throw new MalformedException("a record's name has a code point that Unicode lacks");
      }
      if (!Normalizer.isNormalized(name, Normalizer.Form.NFC)) {
        throw new MalformedException("a record's name is not in NFC");
      }
    }
    return name;
  }

  private static boolean assigned(int codePoint) {
    int type = Character.getType(codePoint);
    return type != Character.UNASSIGNED && type != Character.SURROGATE;
  }
}
