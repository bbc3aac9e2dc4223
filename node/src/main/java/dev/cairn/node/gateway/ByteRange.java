package dev.cairn.node.gateway;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Bytes of a file, both ends included.
record ByteRange(long first, long last) {

  private static final Pattern RANGE = Pattern.compile("(\\d{0,18})\\s*-\\s*(\\d{0,18})");
  private static final Pattern ENTITY = Pattern.compile("(-?\\d{1,18}):(-?\\d{1,18}|\\*)");

  long length() {
    return last - first + 1;
  }

  /// What a `Range` header asks for (RFC 9110, section 14.2): empty where it is to be passed over,
  /// because it is malformed, of another unit, or asks for more than one range (which a server may
  /// answer with all of it).
  ///
  /// @throws GatewayException (416) when no byte of the file is in the range
  static Optional<ByteRange> of(String header, long size) {
    int equals = header.indexOf('=');
    if (equals < 0 || !header.substring(0, equals).strip().equalsIgnoreCase("bytes")) {
      return Optional.empty();
    }
    Matcher matcher = RANGE.matcher(header.substring(equals + 1).strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    OptionalLong from = number(matcher.group(1));
    OptionalLong to = number(matcher.group(2));
    if (from.isEmpty() && to.isEmpty()
        || from.isPresent() && to.isPresent() && to.getAsLong() < from.getAsLong()) {
      return Optional.empty();
    }
    boolean suffix = from.isEmpty();
    long first = suffix ? Math.max(0, size - to.getAsLong()) : from.getAsLong();
    long last = suffix ? size - 1 : Math.min(to.orElse(Long.MAX_VALUE), size - 1);
    if (first > last) {
      throw new GatewayException(416, "the file has " + size + " bytes");
    }
    return Optional.of(new ByteRange(first, last));
  }

  private static OptionalLong number(String digits) {
    return digits.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
  }

  /// What `entity-bytes=from:to` asks of a file (IPIP-402): negative numbers count from its end,
  /// `*` is its end. Empty when no byte of the file is in the range.
  ///
  /// @throws GatewayException (400) when it is malformed
  static Optional<ByteRange> ofEntity(String text, long size) {
    Matcher matcher = ENTITY.matcher(text);
    if (!matcher.matches()) {
      throw new GatewayException(400, "entity-bytes is FROM:TO, two whole numbers or FROM:*");
    }
    long from = Long.parseLong(matcher.group(1));
    long first = Math.max(0, from < 0 ? size + from : from);
    long last = size - 1;
    if (!matcher.group(2).equals("*")) {
      long to = Long.parseLong(matcher.group(2));
      last = Math.min(last, to < 0 ? size + to : to);
    }
    return first > last ? Optional.empty() : Optional.of(new ByteRange(first, last));
  }
}
