package dev.cairn.core.consensus.simplex;

import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.VoteRecord;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import org.apache.tuweni.bytes.Bytes;

/// A candidate as the vote log keeps it: `[proposal, header, body]`. Whoever votes for a block can
/// serve it afterwards, so that a notarized block is never lost.
record CandidateRecord(Proposal proposal, Block block) {

  static VoteRecord of(Proposal proposal, Block block) {
    byte[] signed = proposal.encode();
    CborWriter writer = new CborWriter(1 + signed.length + block.size()).array(3).raw(signed);
    writer.raw(block.headerBytes().toArrayUnsafe()).raw(block.bodyBytes().toArrayUnsafe());
    return new VoteRecord(
        VoteRecord.Kind.CANDIDATE, proposal.epoch(), proposal.slot(), Bytes.wrap(writer.toBytes()));
  }

  /// @throws dev.cairn.multiformats.MalformedException when the content is not a candidate
  static CandidateRecord decode(Bytes content) {
    CborReader reader = new CborReader(content.toArrayUnsafe());
    reader.array(3);
    Slice proposal = reader.item();
    Slice header = reader.item();
    Slice body = reader.item();
    reader.end();
    return new CandidateRecord(
        Proposal.decode(proposal.copy()), Block.decode(header.copy(), body.copy()));
  }
}
