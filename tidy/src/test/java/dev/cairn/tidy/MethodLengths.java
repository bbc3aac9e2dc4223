package dev.cairn.tidy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Finds methods of 60 lines and more in formatted source: google-java-format closes a member's
/// body with a brace at the indentation of the line that declared it.
final class MethodLengths {

  private static final int METHOD_LINES_MAX = 60;
  private static final Pattern TYPE =
      Pattern.compile(
          "^\\s*([\\w@()\"]+\\s+)*(class|interface|enum|record|@interface|module)\\s+\\w.*");

  /// Annotations stand on lines of their own before a member and are not part of its length.
  private static final Pattern MEMBER_START = Pattern.compile("^( {2,8})[A-Za-z<].*[({,]$");

  private MethodLengths() {}

  /// "line: n lines" for each method that is too long.
  static List<String> tooLong(List<String> lines) {
    List<String> faults = new ArrayList<>();
    for (int start = 0; start < lines.size(); start++) {
      String line = lines.get(start);
      if (!MEMBER_START.matcher(line).matches() || TYPE.matcher(line).matches()) {
        continue;
      }
      int indent = line.length() - line.stripLeading().length();
      if (!isMember(lines, start, indent)) {
        continue;
      }
      int end = close(lines, start, indent);
      if (end - start + 1 > METHOD_LINES_MAX) {
        faults.add((start + 1) + ": " + (end - start + 1) + " lines");
      }
    }
    return faults;
  }

  /// Whether the nearest line above with less indentation declares a type.
  private static boolean isMember(List<String> lines, int at, int indent) {
    for (int i = at - 1; i >= 0; i--) {
      String line = lines.get(i);
      int own = line.length() - line.stripLeading().length();
      if (!line.isBlank() && own < indent) {
        return TYPE.matcher(line).matches();
      }
    }
    return false;
  }

  private static int close(List<String> lines, int start, int indent) {
    String brace = " ".repeat(indent) + "}";
    for (int i = start + 1; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.equals(brace)) {
        return i;
      }
      int own = line.length() - line.stripLeading().length();
      if (!line.isBlank() && own < indent) {
        return start;
      }
    }
    return start;
  }
}
