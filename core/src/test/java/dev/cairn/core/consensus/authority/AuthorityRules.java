package dev.cairn.core.consensus.authority;

import dev.cairn.core.Address;
import dev.cairn.core.Verdict;
import dev.cairn.core.block.Header;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.crypto.Ed25519;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.cbor.CborReader;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// What all nodes of the chain agree on: of n authorities, number h mod n makes the block of height
/// h. A header's consensus tuple is `[account]`, who is paid; its seal is the authority's
/// signature, kind `block`. The certificate of a block is its seal, as one CBOR item.
record AuthorityRules(ChainSpec spec, List<ValidatorEntry> authorities, long silenceMillis)
    implements SealVerifier {

  ValidatorEntry turn(long height) {
    return authorities.get((int) (height % authorities.size()));
  }

  Bytes tuple(long height) {
    byte[] account = turn(height).account().publicKey();
    return Bytes.wrap(new CborWriter().array(1).bytes(account).toBytes());
  }

  static Sealer sealer(ChainSpec spec, Ed25519Key key) {
    return (height, fields) ->
        Optional.of(
            Bytes.wrap(key.sign(spec.domainAt(height).message(SigningDomain.BLOCK, fields))));
  }

  static Bytes certificate(Header header) {
    byte[] seal = header.seal().orElse(Bytes.EMPTY).toArrayUnsafe();
    return Bytes.wrap(new CborWriter().bytes(seal).toBytes());
  }

  /// Whether the authority whose turn it is sealed the header.
  boolean sealed(Header header) {
    byte[] message = spec.domainAt(header.height()).message(SigningDomain.BLOCK, header.signed());
    byte[] seal = header.seal().orElse(Bytes.EMPTY).toArrayUnsafe();
    return header.consensus().equals(tuple(header.height()))
        && Ed25519.verify(turn(header.height()).key().toArrayUnsafe(), message, seal);
  }

  @Override
  public Verdict verify(Header header, Bytes certificate) {
    return certificate.equals(certificate(header)) && sealed(header)
        ? Verdict.accept()
        : Verdict.reject("not sealed by the authority whose turn it was");
  }

  @Override
  public Address feeReceiver(Header header) {
    CborReader reader = new CborReader(header.consensus().toArrayUnsafe());
    reader.array(1);
    Address account = Address.of(reader.bytesOf(Address.BYTES));
    reader.end();
    return account;
  }
}
