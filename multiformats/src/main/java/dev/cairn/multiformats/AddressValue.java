package dev.cairn.multiformats;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The kinds of value behind a protocol's name in a multiaddr, each with its text and its bytes.
/// Both directions check, so that text and bytes stand for each other one to one.
enum AddressValue {
  NONE(0),
  IP4(4),
  IP6(16),
  PORT(2),
  MASK(1),
  /// A host, a zone, the name of a memory address.
  NAME(AddressValue.VARIABLE),
  /// A peer id as a multihash.
  PEER(AddressValue.VARIABLE),
  /// A multihash of a certificate.
  CERTHASH(AddressValue.VARIABLE),
  /// All that follows, from a slash on.
  PATH(AddressValue.VARIABLE),
  /// Any bytes, percent-encoded in text.
  PERCENT(AddressValue.VARIABLE);

  /// A size that is written as a varint before the value.
  static final int VARIABLE = -1;

  private static final String UNRESERVED = "-._~";

  private final int size;

  AddressValue(int size) {
    this.size = size;
  }

  /// Bytes of the value, or [#VARIABLE].
  int size() {
    return size;
  }

  byte[] toBytes(String text) {
    return switch (this) {
      case NONE -> new byte[0];
      case IP4 -> IpText.parse4(text);
      case IP6 -> IpText.parse6(text);
      case PORT -> {
        int port = number(text, 0xffff);
        yield new byte[] {(byte) (port >>> 8), (byte) port};
      }
      case MASK -> new byte[] {(byte) number(text, 0xff)};
      case NAME -> requireName(text).getBytes(StandardCharsets.UTF_8);
      case PEER -> peer(text).encode();
      case CERTHASH -> Multihash.decode(Multibase.decode(text)).encode();
      case PATH -> requirePath(text).getBytes(StandardCharsets.UTF_8);
      case PERCENT -> percentDecode(text);
    };
  }

  String toText(byte[] bytes) {
    return switch (this) {
      case NONE -> "";
      case IP4 -> IpText.format4(bytes, 0);
      case IP6 -> IpText.format6(bytes);
      case PORT -> Integer.toString((bytes[0] & 0xff) << 8 | bytes[1] & 0xff);
      case MASK -> Integer.toString(bytes[0] & 0xff);
      case NAME -> requireName(utf8(bytes));
      case PEER -> requirePeer(Multihash.decode(bytes)).toString();
      case CERTHASH -> Multibase.encode('u', Multihash.decode(bytes).encode());
      case PATH -> requirePath(utf8(bytes));
      case PERCENT -> percentEncode(bytes);
    };
  }

  /// A decimal number as it would be printed: no sign, no leading zero.
  static int number(String text, int max) {
    boolean digits = !text.isEmpty() && text.length() <= 5;
    for (int i = 0; digits && i < text.length(); i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!digits || (text.length() > 1 && text.charAt(0) == '0')) {
      throw new MalformedException("not a number from 0 to " + max + ": " + shown(text));
    }
    int value = Integer.parseInt(text);
    if (value > max) {
      throw new MalformedException("a number above " + max + ": " + value);
    }
    return value;
  }

  /// A text of foreign origin, short enough for a message and a log.
  static String shown(String text) {
    String start = text.length() <= 64 ? text : text.substring(0, 64) + "...";
    return "\"" + start.replaceAll("[^\\x20-\\x7e]", "?") + "\"";
  }

  /// Refuses what would end the component (a slash) or fool a reader of logs (blanks, controls,
  /// marks of direction).
  private static String requireName(String text) {
    boolean good = !text.isEmpty();
    for (int i = 0; good && i < text.length(); i++) {
      char c = text.charAt(i);
      good = c != '/' && printable(c);
    }
    if (!good) {
      throw new MalformedException("not a name for an address: " + shown(text));
    }
    return wellFormed(text);
  }

  private static String requirePath(String text) {
    boolean good = text.length() > 1 && text.startsWith("/") && !text.endsWith("/");
    for (int i = 0; good && i < text.length(); i++) {
      good = text.charAt(i) == ' ' || printable(text.charAt(i));
    }
    if (!good) {
      throw new MalformedException("not a path for an address: " + shown(text));
    }
    return wellFormed(text);
  }

  private static boolean printable(char c) {
    return !Character.isWhitespace(c)
        && !Character.isISOControl(c)
        && !Character.isSpaceChar(c)
        && Character.getType(c) != Character.FORMAT;
  }

  /// Half a surrogate pair has no UTF-8: it would come back as a question mark.
  private static String wellFormed(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new MalformedException("the text holds half a surrogate pair");
    }
    return text;
  }

  private static String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("text in an address is not UTF-8", e);
    }
  }

  /// Base58btc of the multihash, or a CID of codec libp2p-key (libp2p/specs, peer-ids).
  private static Multihash peer(String text) {
    if (text.startsWith("Qm") || text.startsWith("1")) {
      return requirePeer(Multihash.decode(Base58.decode(text)));
    }
    Cid cid = Cid.parse(text);
    if (cid.version() != 1 || cid.codec() != Cid.LIBP2P_KEY) {
      throw new MalformedException("not the CID of a peer's key: " + shown(text));
    }
    return requirePeer(cid.multihash());
  }

  private static Multihash requirePeer(Multihash hash) {
    boolean good =
        hash.code() == Multihash.IDENTITY
            || (hash.code() == Multihash.SHA2_256 && hash.digestLength() == Cid.DIGEST_BYTES);
    if (!good || hash.digestLength() == 0) {
      throw new MalformedException("a peer id is an identity or sha2-256 multihash");
    }
    return hash;
  }

  private static byte[] percentDecode(String text) {
    byte[] bytes = new byte[text.length()];
    int size = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int step = 0;
      if (c == '%') {
        if (i + 2 >= text.length()) {
          throw new MalformedException("a percent sign lacks its two digits");
        }
        step = 2;
        c = (char) (Hex.decode(text.substring(i + 1, i + 3))[0] & 0xff);
      } else if (!unreserved(c)) {
        throw new MalformedException("a character to percent-encode: " + shown(text));
      }
      bytes[size++] = (byte) c;
      i += step;
    }
    if (size == 0) {
      throw new MalformedException("an empty path");
    }
    return Arrays.copyOf(bytes, size);
  }

  private static String percentEncode(byte[] bytes) {
    if (bytes.length == 0) {
      throw new MalformedException("an empty path");
    }
    StringBuilder text = new StringBuilder();
    for (byte b : bytes) {
      char c = (char) (b & 0xff);
      if (unreserved(c)) {
        text.append(c);
      } else {
        text.append('%').append(String.format("%02X", (int) c));
      }
    }
    return text.toString();
  }

  private static boolean unreserved(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || UNRESERVED.indexOf(c) >= 0;
  }
}
