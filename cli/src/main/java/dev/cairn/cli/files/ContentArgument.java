package dev.cairn.cli.files;

import dev.cairn.cli.CliException;
import dev.cairn.cli.Exit;
import dev.cairn.files.block.BlockMissingException;
import dev.cairn.files.unixfs.Entry;
import dev.cairn.files.unixfs.UnixFs;
import dev.cairn.files.unixfs.UnixFsException;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;

/// `CID`, `CID/a/b` or `/ipfs/CID/a/b`: what a person names content by.
record ContentArgument(Cid root, String path) {

  static ContentArgument parse(String text) {
    String plain = text.startsWith("/ipfs/") ? text.substring(6) : text;
    int slash = plain.indexOf('/');
    String cid = slash < 0 ? plain : plain.substring(0, slash);
    String path = slash < 0 ? "" : plain.substring(slash + 1);
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    try {
      return new ContentArgument(Cid.parse(cid), path);
    } catch (MalformedException | IllegalArgumentException e) {
      throw CliException.usage("'" + cid + "' is no CID: " + e.getMessage());
    }
  }

  /// The last name, or the CID.
  String name() {
    return path.isEmpty() ? root.toString() : path.substring(path.lastIndexOf('/') + 1);
  }

  /// What it leads to.
  Entry resolve(UnixFs files) {
    try {
      return path.isEmpty() ? files.stat(root) : files.resolve(root, path);
    } catch (BlockMissingException e) {
      throw new CliException(Exit.NOT_FOUND, "no peer that has " + root + " was found");
    } catch (UnixFsException e) {
      throw new CliException(Exit.NOT_FOUND, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw CliException.failed(String.valueOf(e.getMessage()));
    }
  }
}
