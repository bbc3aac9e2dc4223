package dev.cairn.core.consensus.simplex;

import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import dev.cairn.multiformats.cbor.Slice;
import org.apache.tuweni.bytes.Bytes;

/// Two signed messages of one validator that no honest validator signs both: `[first, second]`
/// (spec/consensus.md, "Evidence").
public record Evidence(Message first, Message second) {

  public Bytes encode() {
    CborWriter writer = new CborWriter().array(2).raw(first.encode()).raw(second.encode());
    return Bytes.wrap(writer.toBytes());
  }

  /// @throws MalformedException when the bytes are not exactly two messages; neither signatures nor
  ///   the contradiction are checked here
  public static Evidence decode(Bytes encoded) {
    CborReader reader = new CborReader(encoded.toArrayUnsafe());
    reader.array(2);
    Slice first = reader.item();
    Slice second = reader.item();
    reader.end();
    return new Evidence(Message.decode(first.copy()), Message.decode(second.copy()));
  }

  /// The epoch that the offence belongs to.
  public long epoch() {
    return first.epoch();
  }

  /// Whether the two are votes of one slot that exclude each other, or different proposals for one
  /// slot. Signatures aside, this is all that makes them an offence.
  public boolean contradicts() {
    if (first.epoch() != second.epoch() || first.slot() != second.slot()) {
      return false;
    }
    if (first instanceof Proposal one && second instanceof Proposal other) {
      return !one.says(other);
    }
    return first instanceof Vote one
        && second instanceof Vote other
        && excludes(one.statement(), other.statement());
  }

  private static boolean excludes(Statement one, Statement other) {
    return switch (one) {
      case Statement.Notarize n -> other instanceof Statement.Notarize && !n.equals(other);
      case Statement.Skip _ -> other instanceof Statement.Finalize;
      case Statement.Finalize f ->
          other instanceof Statement.Skip
              || (other instanceof Statement.Finalize && !f.equals(other));
    };
  }

  /// Whether a validator signed both.
  ///
  /// @param index its place in the epoch's set, which its votes have to name
  public boolean signedBy(Bytes key, int index, SigningDomain domain, SignatureCheck check) {
    return signed(first, key, index, domain, check) && signed(second, key, index, domain, check);
  }

  private static boolean signed(
      Message message, Bytes key, int index, SigningDomain domain, SignatureCheck check) {
    return switch (message) {
      case Proposal p ->
          check.verify(
              key.toArrayUnsafe(),
              domain.message(Proposal.KIND, Slice.of(p.content())),
              p.signature().toArrayUnsafe());
      case Vote v ->
          v.voter() == index
              && check.verify(
                  key.toArrayUnsafe(),
                  domain.message(Certificate.VOTE, Slice.of(v.statement().encode())),
                  v.signature().toArrayUnsafe());
      case Certificate _ -> false;
    };
  }
}
