package dev.cairn.files.unixfs;

import dev.cairn.files.block.BlockSource;
import dev.cairn.files.dag.PbLink;
import dev.cairn.multiformats.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/// A range of a file's content, read block by block. Used by one thread.
///
/// Every node has to hold exactly as many bytes as the node above claims for it, so the whole file
/// has the size that its root claims. Parts that claim no bytes are not looked at, so that nobody
/// can make a reader walk through empty nodes without end.
final class FileStream extends InputStream {

  /// The deepest file, in links from its root to a leaf: with two links a node this is enough for
  /// any size there is.
  static final int DEPTH_MAX = 64;

  /// How many parts of a node the source is told of ahead of the reader.
  static final int READ_AHEAD = 32;

  private final BlockSource source;
  private final Deque<Frame> path = new ArrayDeque<>();

  /// Bytes that are to be passed over, and then given out.
  private long skip;

  private long left;

  private byte[] content;

  /// Whether the content is the whole array of a block of the source's.
  private boolean whole;

  private int at;
  private int end;

  /// A node whose parts are being read.
  private static final class Frame {
    private final Node node;
    private int next;
    private int announced;

    private Frame(Node node) {
      this.node = node;
    }
  }

  /// @param root a file
  FileStream(BlockSource source, Node root, long offset, long length) {
    this.source = source;
    this.skip = Math.min(offset, root.size());
    this.left = Math.min(length, root.size() - skip);
    this.content = new byte[0];
    if (left > 0) {
      enter(root);
    }
  }

  private void enter(Node node) {
    content = node.data().data();
    at = (int) Math.min(skip, content.length);
    skip -= at;
    end = (int) Math.min(content.length, at + left);
    if (!node.links().isEmpty()) {
      path.push(new Frame(node));
    }
  }

  /// Moves to the next bytes; false at the end of the range.
  private boolean advance() throws IOException {
    while (at == end) {
      Frame frame = path.peek();
      if (left == 0 || frame == null) {
        return false;
      }
      int part = frame.next;
      if (part == frame.node.links().size()) {
        path.pop();
        continue;
      }
      frame.next++;
      long size = frame.node.data().blockSizes()[part];
      if (size <= skip) {
        skip -= size;
      } else {
        announce(frame, part);
        Node below = part(frame.node.links().get(part).cid(), size);
        if (whole) {
          source.done(content);
        }
        enter(below);
        whole = below.cid().codec() == Cid.RAW;
      }
    }
    return true;
  }

  private Node part(Cid cid, long size) throws IOException {
    Node node = Node.fetch(source, cid);
    if (!node.isFile()) {
      throw new UnixFsException(cid + " is part of a file, but no file itself");
    }
    if (node.size() != size) {
      throw new UnixFsException(
          cid + " has " + node.size() + " bytes, but the file claims " + size + " for it");
    }
    if (path.size() >= DEPTH_MAX && !node.links().isEmpty()) {
      throw new UnixFsException("a file is deeper than " + DEPTH_MAX + " levels");
    }
    return node;
  }

  /// Tells the source of the parts that the range still needs, half a window at a time.
  private void announce(Frame frame, int part) {
    List<PbLink> links = frame.node.links();
    if (frame.announced > part + READ_AHEAD / 2 || frame.announced == links.size()) {
      return;
    }
    long[] sizes = frame.node.data().blockSizes();
    int last = Math.min(links.size(), part + 1 + READ_AHEAD);
    List<Cid> ahead = new ArrayList<>();
    long bytes = -skip;
    for (int i = part; i < last && bytes < left; i++) {
      if (i >= frame.announced && sizes[i] > 0) {
        ahead.add(links.get(i).cid());
      }
      bytes += sizes[i];
    }
    frame.announced = last;
    if (ahead.size() > 1) {
      source.prefetch(ahead);
    }
  }

  @Override
  public int read() throws IOException {
    if (!advance()) {
      return -1;
    }
    left--;
    return content[at++] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    if (!advance()) {
      return -1;
    }
    int count = Math.min(length, end - at);
    System.arraycopy(content, at, target, offset, count);
    at += count;
    left -= count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = Math.clamp(count, 0, left);
    long here = Math.min(skipped, end - at);
    at += (int) here;
    skip += skipped - here;
    left -= skipped;
    end = (int) Math.min(end, at + left);
    return skipped;
  }

  @Override
  public int available() {
    return end - at;
  }

  /// Writes block by block, without a copy.
  @Override
  public long transferTo(OutputStream out) throws IOException {
    long written = 0;
    while (advance()) {
      int count = end - at;
      out.write(content, at, count);
      at = end;
      left -= count;
      written += count;
    }
    return written;
  }
}
