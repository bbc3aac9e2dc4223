package dev.cairn.cli.files;

/// Names that others chose, on a terminal.
final class Names {

  private Names() {}

  /// The name without what a terminal would obey and what changes the direction of writing.
  static String shown(String name) {
    return shown(name, false);
  }

  /// The same of a text of more than one line.
  static String text(String text) {
    return shown(text, true);
  }

  private static String shown(String name, boolean lines) {
    StringBuilder out = new StringBuilder();
    name.codePoints()
        .forEach(
            point ->
                out.appendCodePoint(
                    lines && (point == '\n' || point == '\t')
                        ? point
                        : Character.isISOControl(point)
                                || Character.getType(point) == Character.FORMAT
                            ? 0xfffd
                            : point));
    return out.toString();
  }
}
