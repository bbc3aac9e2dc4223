package dev.cairn.core.consensus.simplex;

import dev.cairn.core.Address;
import dev.cairn.core.Hash;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Body;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.consensus.EngineEffect;
import dev.cairn.core.consensus.Tip;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A chain of validators whose signatures are keyed hashes: as good as real ones for machines that
/// only compare, and a hundred times cheaper.
final class TestChain {

  static final long GENESIS_MILLIS = 1_000_000;
  static final SigningDomain DOMAIN = new SigningDomain(Hash.sha256(new byte[] {1}), 0);

  private final List<Signer> signers;
  private final ValidatorSet set;
  private final SimplexRules rules;
  private final Block genesis;

  TestChain(long epochBlocks, long longestSilenceMillis, long... stakes) {
    this(0, epochBlocks, longestSilenceMillis, stakes);
  }

  /// @param quorum in place of the real one; 0 for the real one
  TestChain(long quorum, long epochBlocks, long longestSilenceMillis, long[] stakes) {
    signers = new ArrayList<>();
    for (int i = 0; i < stakes.length; i++) {
      signers.add(
          new HashSigner(Sha256.digest(("validator " + i).getBytes(StandardCharsets.UTF_8))));
    }
    signers.sort(Comparator.comparing(s -> Bytes.wrap(s.publicKey())));
    List<ValidatorEntry> entries = new ArrayList<>();
    for (int i = 0; i < stakes.length; i++) {
      byte[] key = signers.get(i).publicKey();
      Address account = Address.of(Sha256.digest(key));
      entries.add(new ValidatorEntry(Bytes.wrap(key), account, stakes[i]));
    }
    ValidatorSet real = new ValidatorSet(entries);
    set = quorum == 0 ? real : new ValidatorSet(real, quorum);
    rules =
        new SimplexRules(
            epochBlocks,
            longestSilenceMillis,
            e -> Optional.of(set),
            h -> DOMAIN,
            TestChain::verify);
    genesis =
        Block.seal(
            0,
            GENESIS_MILLIS,
            Optional.empty(),
            Body.of(List.of()),
            Hash.ZERO,
            rules.tuple(0, Address.of(new byte[32])).orElseThrow().encode(),
            Sealer.NONE);
  }

  /// A signature that anyone could make.
  private static final class HashSigner implements Signer {
    private final byte[] publicKey;

    HashSigner(byte[] publicKey) {
      this.publicKey = publicKey;
    }

    @Override
    public byte[] publicKey() {
      return publicKey.clone();
    }

    @Override
    public byte[] sign(byte[] message) {
      return fakeSignature(publicKey, message);
    }
  }

  private static byte[] fakeSignature(byte[] key, byte[] message) {
    return Arrays.copyOf(Sha256.digest(key, message), 64);
  }

  private static boolean verify(byte[] key, byte[] message, byte[] signature) {
    return Arrays.equals(signature, fakeSignature(key, message));
  }

  SimplexRules rules() {
    return rules;
  }

  ValidatorSet set() {
    return set;
  }

  Signer signer(int index) {
    return signers.get(index);
  }

  Block genesis() {
    return genesis;
  }

  Tip genesisTip() {
    return new Tip(genesis.id(), 0, GENESIS_MILLIS, Bytes.EMPTY);
  }

  /// The block that an engine asked for; `salt` makes it differ from others.
  Block block(EngineEffect.Build wanted, long height, String salt) {
    return Block.seal(
        height,
        wanted.timeMillis(),
        Optional.of(wanted.parent()),
        Body.of(List.of()),
        Hash.sha256(salt.getBytes(StandardCharsets.UTF_8)),
        wanted.consensus(),
        wanted.sealer());
  }

  /// A block by a validator on a parent.
  Block block(Block parent, int proposer, long timeMillis, String salt) {
    long height = parent.height() + 1;
    Address account = set.get(proposer).account();
    Bytes tuple = rules.tuple(rules.epochOf(height), account).orElseThrow().encode();
    return Block.seal(
        height,
        timeMillis,
        Optional.of(parent.id()),
        Body.of(List.of()),
        Hash.sha256(salt.getBytes(StandardCharsets.UTF_8)),
        tuple,
        rules.sealer(signers.get(proposer)));
  }

  Proposal proposal(int leader, long epoch, long slot, long parentSlot, Block block) {
    byte[] content = Proposal.content(epoch, slot, parentSlot, block.id());
    byte[] message = DOMAIN.message(Proposal.KIND, dev.cairn.multiformats.cbor.Slice.of(content));
    Bytes signature = Bytes.wrap(signers.get(leader).sign(message));
    return new Proposal(epoch, slot, parentSlot, block.id(), signature);
  }

  Vote vote(int voter, Statement statement) {
    byte[] message =
        DOMAIN.message(Certificate.VOTE, dev.cairn.multiformats.cbor.Slice.of(statement.encode()));
    return new Vote(statement, voter, Bytes.wrap(signers.get(voter).sign(message)));
  }

  /// The certificate of these voters, whether they are a quorum or not.
  Certificate certificate(Statement statement, int... voters) {
    byte[] signers = new byte[(set.size() + 7) / 8];
    Bytes signatures = Bytes.EMPTY;
    Arrays.sort(voters);
    for (int voter : voters) {
      signers[voter / 8] |= (byte) (1 << (voter % 8));
      signatures = Bytes.concatenate(signatures, vote(voter, statement).signature());
    }
    return new Certificate(statement, Bytes.wrap(signers), signatures);
  }
}
