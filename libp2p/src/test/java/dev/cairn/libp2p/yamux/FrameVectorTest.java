package dev.cairn.libp2p.yamux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.multiformats.Hex;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/// Headers byte for byte, as the other stacks' codec tests have them.
class FrameVectorTest {

  private static void pair(String hex, Frame frame) throws YamuxException {
    ByteBuffer target = ByteBuffer.allocate(Frame.BYTES);
    frame.encode(target);
    assertEquals(hex, Hex.encode(target.array()));
    assertEquals(frame, Frame.decode(target.flip()));
  }

  @Test
  void headers_are_big_endian() throws YamuxException {
    pair("000000000000000000000000", new Frame(Frame.DATA, 0, 0, 0));
    pair("000000010000000100000000", new Frame(Frame.DATA, Frame.SYN, 1, 0));
    pair("00010001000000030003ffff", new Frame(Frame.WINDOW_UPDATE, Frame.SYN, 3, 0x3ffff));
    pair("000100020000000200000000", new Frame(Frame.WINDOW_UPDATE, Frame.ACK, 2, 0));
    pair("000000040000000100000000", new Frame(Frame.DATA, Frame.FIN, 1, 0));
    pair("00010008ffffffff00000000", new Frame(Frame.WINDOW_UPDATE, Frame.RST, -1, 0));
    pair("000200010000000001020304", new Frame(Frame.PING, Frame.SYN, 0, 0x01020304));
    pair("0002000200000000deadbeef", new Frame(Frame.PING, Frame.ACK, 0, 0xdeadbeef));
    pair("000300000000000000000001", new Frame(Frame.GO_AWAY, 0, 0, 1));
    pair("0000000f0000000affffffff", new Frame(Frame.DATA, 15, 10, -1));
  }

  @Test
  void another_version_is_refused() {
    for (int version : new int[] {1, 2, 127, 128, 255}) {
      byte[] header = new byte[Frame.BYTES];
      header[0] = (byte) version;
      assertThrows(YamuxException.class, () -> Frame.decode(ByteBuffer.wrap(header)));
    }
  }

  @Test
  void another_type_is_refused() {
    for (int type : new int[] {4, 5, 127, 128, 255}) {
      byte[] header = new byte[Frame.BYTES];
      header[1] = (byte) type;
      assertThrows(YamuxException.class, () -> Frame.decode(ByteBuffer.wrap(header)));
    }
  }
}
