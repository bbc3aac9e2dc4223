package dev.cairn.files.send;

import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Hex;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.nio.charset.StandardCharsets;

/// What a peer would like to give another: a file or a folder.
///
/// @param id 32 hex digits that the sender chose at random; it names the offer between the two
/// @param name a plain file name, as [#checkName] demands
/// @param size bytes of content, as the sender says; no more than that is fetched
/// @param root the CID of the file or folder
public record Offer(String id, String name, long size, Cid root, Kind kind) {

  /// The longest name, in bytes of UTF-8: what file systems take.
  public static final int NAME_BYTES_MAX = 255;

  static final int ID_BYTES = 16;

  /// What the root is.
  public enum Kind {
    FILE,
    FOLDER
  }

  public Offer {
    if (Hex.decode(id).length != ID_BYTES) {
      throw new MalformedException("an offer's id has " + ID_BYTES + " bytes");
    }
    if (size < 0) {
      throw new MalformedException("an offer of " + size + " bytes");
    }
    checkName(name);
  }

  /// Checks that a name can be that of a file in a folder of ours and of nothing else: 1 to 255
  /// bytes, no separator of any system, no control character and none that changes the direction of
  /// writing (a name is shown to a person who decides by it), not `.` or `..`.
  ///
  /// @return the name
  /// @throws MalformedException with what is wrong about it
  public static String checkName(String name) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      throw new MalformedException("a file's name is not Unicode");
    }
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > NAME_BYTES_MAX) {
      throw new MalformedException(
          "a file's name has 1 to " + NAME_BYTES_MAX + " bytes, not " + bytes);
    }
    if (name.equals(".") || name.equals("..") || !name.equals(name.strip())) {
      throw new MalformedException("'" + name + "' is no name for a file");
    }
    if (name.codePoints().anyMatch(Offer::forbidden)) {
      throw new MalformedException(
          "a file's name has a separator, a control character or one that changes direction");
    }
    return name;
  }

  private static boolean forbidden(int point) {
    return point == '/'
        || point == '\\'
        || Character.isISOControl(point)
        || Character.getType(point) == Character.FORMAT
        || Character.getType(point) == Character.LINE_SEPARATOR
        || Character.getType(point) == Character.PARAGRAPH_SEPARATOR;
  }

  void write(CborWriter writer) {
    writer.bytes(Hex.decode(id)).text(name).uint(size).link(root).uint(kind == Kind.FILE ? 0 : 1);
  }

  /// Five items, as [#write] puts them.
  static Offer read(CborReader reader) {
    return new Offer(
        Hex.encode(reader.bytesOf(ID_BYTES)),
        reader.text(NAME_BYTES_MAX),
        reader.uint(),
        reader.link(),
        reader.uint(1) == 0 ? Kind.FILE : Kind.FOLDER);
  }
}
