package dev.cairn.core.sync;

import dev.cairn.core.Hash;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;

/// What a peer says of its chain (spec/sync.md, "Status"). A claim: nothing in it is proved.
///
/// @param height of the newest executed block
/// @param finalizedHeight of the newest final block, at most `height`
public record Status(
    Hash chainId, Cid genesis, long height, Cid head, long finalizedHeight, Cid finalized) {

  /// Bytes of one encoded status.
  public static final int BYTES_MAX = 256;

  private static final long VERSION = 1;

  /// @throws MalformedException when the heights cannot be
  public Status {
    if (finalizedHeight < 0 || height < finalizedHeight) {
      throw new MalformedException("height " + height + " below final " + finalizedHeight);
    }
  }

  public byte[] encode() {
    return new CborWriter()
        .array(7)
        .uint(VERSION)
        .bytes(chainId.bytes())
        .link(genesis)
        .uint(height)
        .link(head)
        .uint(finalizedHeight)
        .link(finalized)
        .toBytes();
  }

  /// @throws MalformedException when it is anything but a status that this peer would send
  public static Status decode(byte[] message) {
    if (message.length > BYTES_MAX) {
      throw new MalformedException("status of " + message.length + " bytes");
    }
    CborReader reader = new CborReader(message);
    reader.array(7);
    long version = reader.uint();
    if (version != VERSION) {
      throw new MalformedException("status of version " + version);
    }
    byte[] chainId = reader.bytesOf(Hash.BYTES);
    Cid genesis = BlockRequest.blockLink(reader);
    long height = reader.uint();
    Cid head = BlockRequest.blockLink(reader);
    long finalizedHeight = reader.uint();
    Cid finalized = BlockRequest.blockLink(reader);
    reader.end();
    return new Status(Hash.of(chainId), genesis, height, head, finalizedHeight, finalized);
  }
}
