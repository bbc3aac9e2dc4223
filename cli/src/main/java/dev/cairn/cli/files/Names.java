package dev.cairn.cli.files;

/// Names that others chose, on a terminal.
final class Names {

  private Names() {}

  /// The name without what a terminal would obey and what changes the direction of writing.
  static String shown(String name) {
    StringBuilder out = new StringBuilder();
    name.codePoints()
        .forEach(
            point ->
                out.appendCodePoint(
                    Character.isISOControl(point) || Character.getType(point) == Character.FORMAT
                        ? 0xfffd
                        : point));
    return out.toString();
  }
}
