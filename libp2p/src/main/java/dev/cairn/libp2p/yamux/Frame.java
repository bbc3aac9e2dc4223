package dev.cairn.libp2p.yamux;

import java.nio.ByteBuffer;

/// The 12 bytes that begin each frame: version, type, flags, stream and length, big-endian.
///
/// @param type one of [#DATA] to [#GO_AWAY]
/// @param flags 16 bits; those that yamux does not name are ignored
/// @param stream unsigned 32 bits; 0 is the connection itself
/// @param length unsigned 32 bits: bytes that follow (data), credit (window update), a value to
///   echo (ping) or a reason (go-away)
record Frame(int type, int flags, int stream, int length) {

  static final int BYTES = 12;

  static final int DATA = 0;
  static final int WINDOW_UPDATE = 1;
  static final int PING = 2;
  static final int GO_AWAY = 3;

  static final int SYN = 1;
  static final int ACK = 2;
  static final int FIN = 4;
  static final int RST = 8;

  /// Reads the 12 bytes at the buffer's position, which moves behind them.
  ///
  /// @throws YamuxException when the version is not 0 or the type is none of the four
  static Frame decode(ByteBuffer source) throws YamuxException {
    int first = source.getInt();
    int version = first >>> 24;
    int type = first >>> 16 & 0xff;
    if (version != 0) {
      throw new YamuxException("version " + version);
    }
    if (type > GO_AWAY) {
      throw new YamuxException("frame type " + type);
    }
    return new Frame(type, first & 0xffff, source.getInt(), source.getInt());
  }

  /// Writes the 12 bytes at the buffer's position, which moves behind them.
  void encode(ByteBuffer target) {
    target.putInt(type << 16 | flags).putInt(stream).putInt(length);
  }

  long unsignedLength() {
    return length & 0xffff_ffffL;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
