package dev.cairn.multiformats;

/// Base 58 with Bitcoin's alphabet (base58btc): the text of a peer id and of a CIDv0.
public final class Base58 {

  /// The most bytes to encode, and the most characters to decode: the work is quadratic.
  public static final int LENGTH_MAX = RadixBase.LENGTH_MAX;

  static final String ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  private static final RadixBase BASE = new RadixBase(ALPHABET, false);

  private Base58() {}

  public static String encode(byte[] bytes) {
    return BASE.encode(bytes);
  }

  /// The bytes of base58btc digits.
  ///
  /// @throws MalformedException for a foreign character or text above [#LENGTH_MAX]
  public static byte[] decode(String text) {
    return BASE.decode(text);
  }
}
