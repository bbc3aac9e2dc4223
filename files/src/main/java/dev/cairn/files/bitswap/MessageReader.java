package dev.cairn.files.bitswap;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockArrays;
import dev.cairn.libp2p.protobuf.ProtobufReader;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.Varint;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/// Reads the messages of one stream, part by part as they arrive, so that a block goes from the
/// stream into the one array that is stored, and a message never is in memory as a whole.
///
/// Owner: the thread that reads the stream.
final class MessageReader {

  /// The longest message, in bytes (Bitswap 1.0.0, "Protocol Format").
  static final int MESSAGE_BYTES_MAX = 4 << 20;

  /// What is allocated before the first byte of a block is there.
  private static final int FIRST_BYTES = 64 << 10;

  /// An array grows by this as its bytes come, so that nobody makes us allocate much by sending
  /// little.
  private static final int GROWTH = 4;

  /// The longest want-list, in bytes: as many entries as one may have, of CIDs of common length.
  static final int WANTLIST_BYTES_MAX = 1 << 20;

  private static final int BUFFER_BYTES = 4 << 10;
  private static final int PRESENCE_BYTES_MAX = 16 + Cid.BYTES_MAX;
  private static final int PRESENCES_AT_ONCE = 1_024;

  private final InputStream in;
  private final MessageSink sink;
  private final BlockArrays arrays;
  private final int entriesMax;
  private final List<Presence> presences = new ArrayList<>();
  private long left;

  /// @param arrays where the arrays of blocks come from; the sink gives them back
  MessageReader(InputStream in, MessageSink sink, BlockArrays arrays, int entriesMax) {
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
    this.sink = sink;
    this.arrays = arrays;
    this.entriesMax = entriesMax;
  }

  /// Reads one message.
  ///
  /// @throws EOFException when the stream has ended before it
  /// @throws MalformedException when it is not a message, or over a limit
  void read() throws IOException, InterruptedException {
    long length = Varint.read(in);
    if (length > MESSAGE_BYTES_MAX) {
      throw new MalformedException("a message of " + length + " bytes, over " + MESSAGE_BYTES_MAX);
    }
    left = length;
    while (left > 0) {
      field(varint());
    }
    flush();
  }

  private void field(long key) throws IOException, InterruptedException {
    if (key == bytesField(Schema.WANTLIST)) {
      wantlist(length());
    } else if (key == bytesField(Schema.BLOCKS)) {
      data(CidPrefix.V0, length());
    } else if (key == bytesField(Schema.PAYLOAD)) {
      payload(length());
    } else if (key == bytesField(Schema.PRESENCES)) {
      presence(length());
    } else {
      skip(key);
    }
  }

  private static long bytesField(int field) {
    return (long) field << 3 | ProtobufReader.WIRE_BYTES;
  }

  private void wantlist(int length) throws IOException {
    if (length > WANTLIST_BYTES_MAX) {
      throw new MalformedException("a want-list of " + length + " bytes");
    }
    wantlist(bytes(length));
  }

  private void wantlist(byte[] encoded) {
    List<Entry> entries = new ArrayList<>();
    boolean full = false;
    ProtobufReader list = new ProtobufReader(encoded);
    while (list.next()) {
      if (list.field() == Schema.WANTLIST_ENTRIES) {
        if (entries.size() == entriesMax) {
          throw new MalformedException("a want-list of more than " + entriesMax + " entries");
        }
        entries.add(entry(list.message()));
      } else if (list.field() == Schema.WANTLIST_FULL) {
        full = list.bool();
      }
    }
    if (full || !entries.isEmpty()) {
      sink.wants(entries, full);
    }
  }

  private static Entry entry(ProtobufReader entry) {
    Cid cid = null;
    int priority = 1;
    boolean cancel = false;
    boolean have = false;
    boolean sendDontHave = false;
    while (entry.next()) {
      switch (entry.field()) {
        case Schema.ENTRY_BLOCK -> cid = Cid.decode(entry.bytes(Cid.BYTES_MAX));
        case Schema.ENTRY_PRIORITY -> priority = (int) entry.varint();
        case Schema.ENTRY_CANCEL -> cancel = entry.bool();
        case Schema.ENTRY_WANT_TYPE -> have = entry.varint() == Schema.WANT_HAVE;
        case Schema.ENTRY_SEND_DONT_HAVE -> sendDontHave = entry.bool();
        default -> entry.skip();
      }
    }
    if (cid == null) {
      throw new MalformedException("a want-list entry without a CID");
    }
    return new Entry(cid, priority, cancel, !have, sendDontHave);
  }

  private void presence(int length) throws IOException {
    if (length > PRESENCE_BYTES_MAX) {
      throw new MalformedException("a block presence of " + length + " bytes");
    }
    Cid cid = null;
    boolean have = true;
    ProtobufReader presence = new ProtobufReader(bytes(length));
    while (presence.next()) {
      if (presence.field() == Schema.PRESENCE_CID) {
        cid = Cid.decode(presence.bytes(Cid.BYTES_MAX));
      } else if (presence.field() == Schema.PRESENCE_TYPE) {
        have = presence.varint() == Schema.HAVE;
      }
    }
    if (cid == null) {
      throw new MalformedException("a block presence without a CID");
    }
    presences.add(new Presence(cid, have));
    if (presences.size() == PRESENCES_AT_ONCE) {
      flush();
    }
  }

  private void flush() {
    if (!presences.isEmpty()) {
      sink.presences(List.copyOf(presences));
      presences.clear();
    }
  }

  private void payload(int length) throws IOException, InterruptedException {
    long after = left - length;
    CidPrefix prefix = null;
    byte[] early = null;
    boolean read = false;
    boolean dropped = false;
    while (left > after) {
      long key = varint();
      if (key == bytesField(Schema.BLOCK_PREFIX)) {
        prefix = prefix();
      } else if (key == bytesField(Schema.BLOCK_DATA)) {
        int bytes = within(length(), after);
        if (prefix != null) {
          data(prefix, bytes);
          read = true;
          prefix = null;
        } else if (sink.expectsBlocks()) {
          early = block(bytes);
        } else {
          sink.unexpected(bytes);
          drop(bytes);
          dropped = true;
        }
      } else {
        skip(key);
      }
    }
    if (left < after) {
      throw new MalformedException("a block's field is longer than the block");
    }
    if (early != null && !dropped) {
      if (prefix == null) {
        throw new MalformedException("a block without a CID prefix");
      }
      sink.block(prefix, early);
    } else if (prefix != null && !read && !dropped) {
      data(prefix, 0); // proto3 writes no field for the data of an empty block
    }
  }

  private CidPrefix prefix() throws IOException {
    int bytes = length();
    if (bytes > CidPrefix.BYTES_MAX) {
      throw new MalformedException("a CID prefix of " + bytes + " bytes");
    }
    return CidPrefix.decode(bytes(bytes));
  }

  private int within(int bytes, long after) {
    if (bytes > left - after) {
      throw new MalformedException("a block's data is longer than the block");
    }
    return bytes;
  }

  private void data(CidPrefix prefix, int length) throws IOException, InterruptedException {
    if (length > Block.BYTES_MAX) {
      throw new MalformedException("a block of " + length + " bytes, over " + Block.BYTES_MAX);
    }
    if (!sink.expectsBlocks()) {
      sink.unexpected(length);
      drop(length);
      return;
    }
    sink.block(prefix, block(length));
  }

  private byte[] block(int length) throws IOException, InterruptedException {
    if (length > Block.BYTES_MAX) {
      throw new MalformedException("a block of " + length + " bytes, over " + Block.BYTES_MAX);
    }
    if (length <= FIRST_BYTES) {
      return arriving(length);
    }
    sink.enter();
    try {
      return arriving(length);
    } finally {
      sink.leave();
    }
  }

  /// The whole array is there only once a good part of it has come.
  private byte[] arriving(int length) throws IOException {
    byte[] data = arrays.take(Math.min(length, FIRST_BYTES));
    fill(data, 0);
    while (data.length < length) {
      byte[] begun = data;
      data = arrays.take((int) Math.min(length, (long) GROWTH * begun.length));
      System.arraycopy(begun, 0, data, 0, begun.length);
      arrays.give(begun);
      fill(data, begun.length);
    }
    return data;
  }

  private void fill(byte[] data, int from) throws IOException {
    int at = from;
    while (at < data.length) {
      int n = in.read(data, at, data.length - at);
      if (n < 0) {
        throw cut();
      }
      at += n;
      left -= n;
      sink.heard(n);
    }
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw cut();
    }
    left -= length;
    return bytes;
  }

  private void drop(long length) throws IOException {
    try {
      in.skipNBytes(length);
    } catch (EOFException e) {
      throw cut();
    }
    left -= length;
  }

  private int length() throws IOException {
    long length = varint();
    if (length < 0 || length > left) {
      throw new MalformedException("a field is longer than its message");
    }
    return (int) length;
  }

  private void skip(long key) throws IOException {
    switch ((int) (key & 7)) {
      case ProtobufReader.WIRE_VARINT -> varint();
      case ProtobufReader.WIRE_FIXED64 -> drop(fixed(Long.BYTES));
      case ProtobufReader.WIRE_FIXED32 -> drop(fixed(Integer.BYTES));
      case ProtobufReader.WIRE_BYTES -> drop(length());
      default -> throw new MalformedException("protobuf wire type " + (key & 7));
    }
  }

  private int fixed(int bytes) {
    if (bytes > left) {
      throw new MalformedException("a message is cut short");
    }
    return bytes;
  }

  private long varint() throws IOException {
    long value = 0;
    for (int i = 0; i < ProtobufReader.VARINT_BYTES_MAX; i++) {
      if (left == 0) {
        throw new MalformedException("a message is cut short");
      }
      int next = in.read();
      if (next < 0) {
        throw cut();
      }
      left--;
      value |= (long) (next & 0x7f) << (7 * i);
      if (next < 0x80) {
        return value;
      }
    }
    throw new MalformedException("protobuf varint is over 64 bits");
  }

  private static MalformedException cut() {
    return new MalformedException("the stream ended within a message");
  }
}
