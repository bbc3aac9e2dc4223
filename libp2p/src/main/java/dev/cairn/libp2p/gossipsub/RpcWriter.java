package dev.cairn.libp2p.gossipsub;

import dev.cairn.multiformats.Varint;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Puts fragments into RPCs and writes them to a stream, short ones together with one write and
/// long ones without a copy.
final class RpcWriter {

  private RpcWriter() {}

  static void write(List<Fragment> fragments, OutputStream out) throws IOException {
    int size = 0;
    for (Fragment fragment : fragments) {
      size += fragment.bytes() + Varint.BYTES_MAX;
    }
    if (fragments.size() == 1 && size > GossipLimits.GATHER_BYTES_MAX) {
      fragments.getFirst().writeAlone(out);
    } else {
      byte[] buffer = new byte[size];
      out.write(buffer, 0, gather(fragments, buffer));
    }
    out.flush();
  }

  /// Fills the buffer with RPCs of several fragments each and returns their length.
  private static int gather(List<Fragment> fragments, byte[] buffer) {
    int at = 0;
    int next = 0;
    while (next < fragments.size()) {
      int first = next;
      int bytes = 0;
      boolean control = false;
      while (next < fragments.size()) {
        Fragment fragment = fragments.get(next);
        boolean full =
            bytes + fragment.bytes() > GossipLimits.GATHER_BYTES_MAX
                || next - first >= PARTS_MAX
                || control && fragment.isControl();
        if (full && next > first) {
          break;
        }
        control |= fragment.isControl();
        bytes += fragment.bytes();
        next++;
      }
      at = Varint.write(bytes, buffer, at);
      for (Fragment fragment : fragments.subList(first, next)) {
        at = fragment.writeTo(buffer, at);
      }
    }
    return at;
  }

  /// Fragments in one RPC: well under what a receiver reads of any kind of part.
  private static final int PARTS_MAX = 500;
}
