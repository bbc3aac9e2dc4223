package dev.cairn.core.sync;

import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;

/// What the sync stream asks for (spec/sync.md, "Requests").
public sealed interface BlocksRequest permits RangeRequest, BlockRequest, HeadersRequest {

  /// Bytes of one encoded request.
  int BYTES_MAX = 64;

  /// How many blocks, or headers, may come in answer.
  int count();

  byte[] encode();

  /// @throws MalformedException when it is anything but a request that this peer would send
  static BlocksRequest decode(byte[] message) {
    if (message.length > BYTES_MAX) {
      throw new MalformedException("a request of " + message.length + " bytes for blocks");
    }
    CborReader reader = new CborReader(message);
    int fields = reader.array();
    long kind = reader.uint();
    BlocksRequest request;
    if (kind == RangeRequest.KIND && fields == 3) {
      request = RangeRequest.read(reader);
    } else if (kind == BlockRequest.KIND && fields == 2) {
      request = BlockRequest.read(reader);
    } else if (kind == HeadersRequest.KIND && fields == 3) {
      request = HeadersRequest.read(reader);
    } else {
      throw new MalformedException("a request of kind " + kind + " with " + fields + " items");
    }
    reader.end();
    return request;
  }
}
