package dev.cairn.files.bitswap;

import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.libp2p.protobuf.ProtobufWriter;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Varint;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/// Writes messages. A block goes from its own array into the stream.
final class MessageWriter {

  private MessageWriter() {}

  /// Wants and presences as one message, with its length before it.
  ///
  /// @param full whether the wants replace all earlier ones
  static byte[] talk(Version version, boolean full, List<Entry> wants, List<Presence> presences) {
    ProtobufWriter list = new ProtobufWriter();
    for (Entry want : wants) {
      list.message(Schema.WANTLIST_ENTRIES, entry(version, want));
    }
    if (full) {
      list.bool(Schema.WANTLIST_FULL, true);
    }
    ProtobufWriter message = new ProtobufWriter(list.size() + 16).message(Schema.WANTLIST, list);
    if (version.presences()) {
      for (Presence presence : presences) {
        message.message(
            Schema.PRESENCES,
            new ProtobufWriter()
                .bytes(Schema.PRESENCE_CID, presence.cid().encode())
                .varint(Schema.PRESENCE_TYPE, presence.have() ? Schema.HAVE : Schema.DONT_HAVE));
      }
    }
    return message.toDelimited();
  }

  private static ProtobufWriter entry(Version version, Entry want) {
    ProtobufWriter entry =
        new ProtobufWriter()
            .bytes(Schema.ENTRY_BLOCK, want.cid().encode())
            .varint(Schema.ENTRY_PRIORITY, want.priority());
    if (want.cancel()) {
      return entry.bool(Schema.ENTRY_CANCEL, true);
    }
    if (version.presences()) {
      if (!want.block()) {
        entry.varint(Schema.ENTRY_WANT_TYPE, Schema.WANT_HAVE);
      }
      if (want.sendDontHave()) {
        entry.bool(Schema.ENTRY_SEND_DONT_HAVE, true);
      }
    }
    return entry;
  }

  /// Writes one block as a message of its own.
  static void block(Version version, Cid cid, byte[] data, OutputStream out) throws IOException {
    out.write(header(version, cid, data.length));
    out.write(data);
    out.flush();
  }

  /// All of a message but the block's data, which ends it.
  private static byte[] header(Version version, Cid cid, int length) {
    ProtobufWriter message = new ProtobufWriter().bytes(Schema.WANTLIST, new byte[0]);
    if (version == Version.V100) {
      open(message, Schema.BLOCKS, length);
    } else {
      byte[] prefix = CidPrefix.of(cid).encode();
      int payload =
          ProtobufWriter.sizeOfBytes(Schema.BLOCK_PREFIX, prefix.length)
              + ProtobufWriter.sizeOfBytes(Schema.BLOCK_DATA, length);
      open(message, Schema.PAYLOAD, payload);
      message.bytes(Schema.BLOCK_PREFIX, prefix);
      open(message, Schema.BLOCK_DATA, length);
    }
    byte[] fields = message.toBytes();
    byte[] framed = new byte[ProtobufReader.VARINT_BYTES_MAX + fields.length];
    int at = varint(framed, 0, fields.length + length);
    System.arraycopy(fields, 0, framed, at, fields.length);
    return Arrays.copyOf(framed, at + fields.length);
  }

  /// The key and length of a field whose bytes come later.
  private static void open(ProtobufWriter message, int field, int length) {
    byte[] start = new byte[2 * ProtobufReader.VARINT_BYTES_MAX];
    int at = varint(start, 0, field << 3 | ProtobufReader.WIRE_BYTES);
    at = varint(start, at, length);
    message.raw(Arrays.copyOf(start, at));
  }

  private static int varint(byte[] target, int offset, int value) {
    return Varint.write(value, target, offset);
  }
}
