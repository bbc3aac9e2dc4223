import org.jspecify.annotations.NullMarked;

/// Self-describing values: varint, multibase, multihash, CID, multiaddr and strict DAG-CBOR.
@NullMarked
module dev.cairn.multiformats {
  requires static org.jspecify;

  exports dev.cairn.multiformats;
  exports dev.cairn.multiformats.cbor;
}
