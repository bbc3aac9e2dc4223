package dev.cairn.files.unixfs;

import java.nio.charset.StandardCharsets;

/// Which names and links of a folder from somebody else may be put on this disk: only those that
/// stay in the folder.
final class DiskNames {

  /// The longest name on the common file systems, in bytes.
  static final int NAME_BYTES_MAX = 255;

  /// The longest path on Linux with its end mark, in bytes.
  static final int PATH_BYTES_MAX = 4096;

  private DiskNames() {}

  static void requireName(String name) throws UnixFsException {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      throw new UnixFsException("an entry is called \"" + name + "\", which leaves its folder");
    }
    if (name.indexOf('/') >= 0) {
      throw new UnixFsException(
          "an entry is called \"" + shown(name) + "\": a name with a / in it leaves its folder");
    }
    if (name.indexOf('\0') >= 0) {
      throw new UnixFsException("an entry's name has a NUL in it");
    }
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > NAME_BYTES_MAX) {
      throw new UnixFsException(
          "an entry's name has " + bytes + " bytes, over " + NAME_BYTES_MAX + ": " + shown(name));
    }
  }

  static void requirePath(String path) throws UnixFsException {
    int bytes = path.getBytes(StandardCharsets.UTF_8).length;
    if (bytes >= PATH_BYTES_MAX) {
      throw new UnixFsException(
          "a path of " + bytes + " bytes is over what this system takes: " + shown(path));
    }
  }

  /// A link may climb to the top of what is exported and no further, and only at the start of its
  /// target: `..` behind a name could be behind another link, and lead anywhere.
  ///
  /// @param depth folders between the link and the top
  static void requireTarget(String name, String target, int depth) throws UnixFsException {
    int climbed = 0;
    boolean below = false;
    if (target.startsWith("/")) {
      throw pointsOutside(name, target);
    }
    for (String step : target.split("/", -1)) {
      if (step.equals("..")) {
        climbed++;
        if (below || climbed > depth) {
          throw pointsOutside(name, target);
        }
      } else if (!step.isEmpty() && !step.equals(".")) {
        below = true;
      }
    }
  }

  private static UnixFsException pointsOutside(String name, String target) {
    return new UnixFsException(
        "the symbolic link \"" + shown(name) + "\" points outside: " + shown(target));
  }

  /// Short enough, and with nothing that moves a terminal's cursor.
  private static String shown(String text) {
    String head = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return head.replaceAll("\\p{Cntrl}", "?");
  }
}
