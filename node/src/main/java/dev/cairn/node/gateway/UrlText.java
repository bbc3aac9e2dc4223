package dev.cairn.node.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Percent-encoding (RFC 3986, section 2.1) of one segment of a path, and its reverse.
final class UrlText {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private UrlText() {}

  /// @throws GatewayException (400) for a broken escape or bytes that are no UTF-8
  static String decode(String segment) {
    byte[] out = new byte[segment.length()];
    int length = 0;
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == '%') {
        if (i + 2 >= segment.length()
            || !HexFormat.isHexDigit(segment.charAt(i + 1))
            || !HexFormat.isHexDigit(segment.charAt(i + 2))) {
          throw new GatewayException(400, "a percent sign in the path has no two hex digits");
        }
        out[length++] = (byte) HexFormat.fromHexDigits(segment, i + 1, i + 3);
        i += 2;
      } else if (c > 0x20 && c < 0x7f) {
        out[length++] = (byte) c;
      } else {
        throw new GatewayException(400, "the path has a character that must be percent-encoded");
      }
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(out, 0, length)).toString();
    } catch (CharacterCodingException e) {
      throw new GatewayException(400, "the path is not UTF-8");
    }
  }

  /// Everything but unreserved characters is escaped, so that no name can be read as markup, a
  /// scheme, a query or a further segment.
  static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || c == '-'
              || c == '.'
              || c == '_'
              || c == '~';
      if (plain) {
        out.append(c);
      } else {
        out.append('%').append(HEX.toHexDigits(b));
      }
    }
    return out.toString();
  }
}
