package dev.cairn.files.car;

import dev.cairn.files.block.Block;
import dev.cairn.files.block.BlockSource;
import dev.cairn.files.dag.DagWalk;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.Multihash;
import dev.cairn.multiformats.Varint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes a CARv1 (IPLD's content addressable archives): a header that names the roots, then
/// sections of a CID and its block. Used by one thread.
public final class CarWriter {

  private final OutputStream out;

  /// Writes the header at once; the stream is neither flushed nor closed by this class.
  public CarWriter(OutputStream out, List<Cid> roots) throws IOException {
    this.out = out;
    byte[] header = header(roots);
    out.write(Varint.encode(header.length));
    out.write(header);
  }

  /// Writes all blocks below some roots depth first, each once.
  ///
  /// @throws IOException from the source, [dev.cairn.files.block.BlockMissingException] among them,
  ///   or from the stream; what was written is then no whole archive
  public static void write(BlockSource source, List<Cid> roots, OutputStream out)
      throws IOException {
    CarWriter writer = new CarWriter(out, roots);
    DagWalk.walk(source, roots, writer::put);
  }

  /// Writes one section. A block that its CID holds (identity hash) is left out: every reader has
  /// it already.
  public void put(Block block) throws IOException {
    Cid cid = block.cid();
    if (!cid.isSha256() && cid.multihash().code() == Multihash.IDENTITY) {
      return;
    }
    byte[] name = cid.encode();
    out.write(Varint.encode((long) name.length + block.size()));
    out.write(name);
    out.write(block.bytes());
  }

  /// `{"roots": [links], "version": 1}` as DAG-CBOR, whose maps have the shorter key first.
  private static byte[] header(List<Cid> roots) {
    ByteArrayOutputStream cbor = new ByteArrayOutputStream();
    cbor.write(0xa2);
    text(cbor, "roots");
    head(cbor, 0x80, roots.size());
    for (Cid root : roots) {
      byte[] cid = root.encode();
      cbor.write(0xd8);
      cbor.write(42);
      head(cbor, 0x40, cid.length + 1);
      cbor.write(0);
      cbor.writeBytes(cid);
    }
    text(cbor, "version");
    cbor.write(1);
    return cbor.toByteArray();
  }

  private static void text(ByteArrayOutputStream cbor, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    head(cbor, 0x60, bytes.length);
    cbor.writeBytes(bytes);
  }

  private static void head(ByteArrayOutputStream cbor, int major, int value) {
    if (value < 24) {
      cbor.write(major | value);
    } else if (value < 0x100) {
      cbor.write(major | 24);
      cbor.write(value);
    } else if (value < 0x10000) {
      cbor.write(major | 25);
      cbor.write(value >>> 8);
      cbor.write(value);
    } else {
      throw new IllegalArgumentException("an archive of " + value + " roots");
    }
  }
}
