package dev.cairn.files.unixfs;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.dag.PbLink;
import dev.cairn.files.dag.PbNode;
import dev.cairn.files.dag.UnixFsData;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A block read as UnixFS, which it is in all that one block shows: sizes add up, links and sizes
/// go together, no part of a file has a name.
///
/// @param data of the node, with the content of a leaf in it
/// @param size content below in bytes, as this block claims
record Node(Cid cid, UnixFsData data, List<PbLink> links, long size) {

  /// The longest target of a symbolic link, in bytes; what Linux allows a path.
  static final int TARGET_BYTES_MAX = 4096;

  static Node fetch(BlockSource source, Cid cid) throws IOException {
    return of(source.get(cid));
  }

  static Node of(Block block) throws UnixFsException {
    Cid cid = block.cid();
    if (cid.codec() == Cid.RAW) {
      return new Node(cid, UnixFsData.leaf(block.bytes()), List.of(), block.size());
    }
    if (cid.codec() != Cid.DAG_PB) {
      throw new UnixFsException(
          cid + " is not a file or folder: codec 0x" + Long.toHexString(cid.codec()));
    }
    try {
      PbNode node = PbNode.decode(block.bytes());
      Optional<byte[]> message = node.data();
      if (message.isEmpty()) {
        throw new UnixFsException(cid + " is not a file or folder: a node without data");
      }
      UnixFsData data = UnixFsData.decode(message.get());
      return new Node(cid, data, node.links(), check(cid, data, node.links()));
    } catch (MalformedException e) {
      throw new UnixFsException(cid + " is not a file or folder: " + e.getMessage(), e);
    }
  }

  /// Returns the size.
  private static long check(Cid cid, UnixFsData data, List<PbLink> links) throws UnixFsException {
    return switch (data.type()) {
      case RAW, FILE -> fileSize(cid, data, links);
      case DIRECTORY -> 0;
      case SYMLINK -> {
        if (!links.isEmpty()) {
          throw new UnixFsException(cid + " is damaged: a symbolic link with links below it");
        }
        yield data.data().length;
      }
      case HAMT_SHARD -> {
        if (data.hashType() != UnixFsData.MURMUR3_X64_64) {
          throw new UnixFsException(
              cid + " is a sharded folder by a hash that is not known: " + data.hashType());
        }
        yield 0;
      }
      case METADATA -> throw new UnixFsException(cid + " is neither a file nor a folder");
    };
  }

  private static long fileSize(Cid cid, UnixFsData data, List<PbLink> links)
      throws UnixFsException {
    long[] sizes = data.blockSizes();
    if (sizes.length != links.size()) {
      throw new UnixFsException(
          cid + " is damaged: " + links.size() + " parts but " + sizes.length + " sizes");
    }
    long total = data.data().length;
    for (int i = 0; i < sizes.length; i++) {
      if (!links.get(i).name().isEmpty()) {
        throw new UnixFsException(cid + " is damaged: a part of a file has a name");
      }
      total += sizes[i];
      if (total < 0) {
        throw new UnixFsException(cid + " claims a size over 2^63-1");
      }
    }
    long claimed = data.fileSize().orElse(total);
    if (claimed != total) {
      throw new UnixFsException(cid + " claims " + claimed + " bytes, but its parts have " + total);
    }
    return total;
  }

  boolean isFile() {
    return data.type() == UnixFsData.Type.FILE || data.type() == UnixFsData.Type.RAW;
  }

  boolean isFolder() {
    return data.type() == UnixFsData.Type.DIRECTORY || isShard();
  }

  boolean isShard() {
    return data.type() == UnixFsData.Type.HAMT_SHARD;
  }

  Entry entry() throws UnixFsException {
    if (isFile()) {
      return entry(Entry.Kind.FILE, Optional.empty());
    }
    if (isFolder()) {
      return entry(Entry.Kind.DIRECTORY, Optional.empty());
    }
    return entry(Entry.Kind.SYMLINK, Optional.of(target()));
  }

  private Entry entry(Entry.Kind kind, Optional<String> target) {
    OptionalInt mode = data.mode();
    return new Entry(cid, kind, size, target, mode, data.mtime());
  }

  private String target() throws UnixFsException {
    byte[] bytes = data.data();
    if (bytes.length == 0 || bytes.length > TARGET_BYTES_MAX) {
      throw new UnixFsException(
          cid + " is a symbolic link to a path of " + bytes.length + " bytes");
    }
    try {
      String target = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (target.indexOf('\0') >= 0) {
        throw new UnixFsException(cid + " is a symbolic link to a path with a NUL in it");
      }
      return target;
    } catch (CharacterCodingException e) {
      throw new UnixFsException(cid + " is a symbolic link to a path that is not UTF-8", e);
    }
  }
}
