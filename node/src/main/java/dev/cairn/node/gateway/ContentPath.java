package dev.cairn.node.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The path of a request, taken apart before anything of it is decoded, so that an escaped slash is
/// part of a name and never a separator.
///
/// @param segments decoded, without the empty one of a trailing slash
/// @param slash whether the path ends in a slash
record ContentPath(List<String> segments, boolean slash) {

  /// Characters of a whole path, as it was sent.
  static final int CHARS_MAX = 16_384;

  static final int SEGMENTS_MAX = 256;

  ContentPath {
    segments = List.copyOf(segments);
  }

  /// @param raw as it was sent, without query, beginning with a slash
  /// @throws GatewayException (400) for what is no path to content: `.` and `..` are for the client
  ///   to resolve, empty segments and NUL are in no folder
  static ContentPath parse(String raw) {
    if (raw.length() > CHARS_MAX || !raw.startsWith("/")) {
      throw new GatewayException(414, "a path has at most " + CHARS_MAX + " characters");
    }
    String[] parts = raw.substring(1).split("/", -1);
    boolean slash = parts.length > 1 && parts[parts.length - 1].isEmpty();
    int count = slash ? parts.length - 1 : parts.length;
    if (count > SEGMENTS_MAX) {
      throw new GatewayException(414, "a path has at most " + SEGMENTS_MAX + " segments");
    }
    List<String> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String segment = UrlText.decode(parts[i]);
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        throw new GatewayException(400, "the path has an empty segment, '.' or '..'");
      }
      if (segment.indexOf('\0') >= 0) {
        throw new GatewayException(400, "the path has a NUL");
      }
      segments.add(segment);
    }
    return new ContentPath(segments, slash);
  }

  /// The segments from `from` on.
  List<String> rest(int from) {
    return segments.subList(Math.min(from, segments.size()), segments.size());
  }

  /// The path as it would be sent, without a slash at its end.
  String encoded() {
    return segments.stream().map(UrlText::encode).collect(Collectors.joining("/", "/", ""));
  }
}
