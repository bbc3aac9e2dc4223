package dev.cairn.files;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.block.MemoryBlocks;
import dev.cairn.files.dag.PbLink;
import dev.cairn.files.dag.PbNode;
import dev.cairn.files.dag.UnixFsData;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;

/// Makes DAGs by hand, good ones and bad ones.
public final class Dags {

  private final MemoryBlocks blocks = new MemoryBlocks();

  public Dags() {}

  public MemoryBlocks blocks() {
    return blocks;
  }

  public BlockSource source() {
    return BlockSource.of(blocks);
  }

  public Cid put(long codec, byte[] bytes) {
    Block block = Block.of(codec, bytes);
    blocks.put(block);
    return block.cid();
  }

  public Cid raw(byte[] content) {
    return put(Cid.RAW, content);
  }

  public Cid node(byte[] data, List<PbLink> links) {
    return put(Cid.DAG_PB, PbNode.of(links, data).encode());
  }

  /// A node of a file that claims these sizes for these parts.
  public Cid file(List<Cid> parts, long... sizes) {
    return node(UnixFsData.file(sizes).encode(), parts.stream().map(c -> link("", c)).toList());
  }

  public Cid folder(PbLink... entries) {
    return node(UnixFsData.directory().encode(), List.of(entries));
  }

  public Cid folder(String name, Cid entry) {
    return folder(link(name, entry));
  }

  public Cid symlink(String target) {
    return node(
        UnixFsData.symlink(target.getBytes(java.nio.charset.StandardCharsets.UTF_8)).encode(),
        List.of());
  }

  public static PbLink link(String name, Cid cid) {
    return new PbLink(cid, name, 0);
  }

  /// Nodes of one link each, one below the other, above a leaf of one byte.
  public Cid deepFile(int depth) {
    Cid cid = raw(new byte[] {7});
    for (int i = 0; i < depth; i++) {
      cid = file(List.of(cid), 1);
    }
    return cid;
  }

  public Cid deepFolder(int depth) {
    Cid cid = folder();
    for (int i = 0; i < depth; i++) {
      cid = folder("d", cid);
    }
    return cid;
  }

  public static List<PbLink> links(PbLink... links) {
    return new ArrayList<>(List.of(links));
  }
}
