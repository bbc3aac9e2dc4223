package dev.cairn.crypto;

import java.util.Arrays;
import java.util.HexFormat;

/// The fixed DER heads in front of raw keys: JCA takes keys only inside their documents.
final class Der {

  private Der() {}

  static byte[] prefix(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static byte[] join(byte[] prefix, byte[] rest) {
    byte[] out = Arrays.copyOf(prefix, prefix.length + rest.length);
    System.arraycopy(rest, 0, out, prefix.length, rest.length);
    return out;
  }
}
