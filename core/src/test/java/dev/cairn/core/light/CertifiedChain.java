package dev.cairn.core.light;

import dev.cairn.core.Address;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Body;
import dev.cairn.core.block.Header;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.GenesisValidator;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.chainspec.Upgrade;
import dev.cairn.core.consensus.simplex.Certificate;
import dev.cairn.core.consensus.simplex.HeaderTuple;
import dev.cairn.core.consensus.simplex.Statement;
import dev.cairn.core.consensus.simplex.ValidatorSet;
import dev.cairn.core.state.Account;
import dev.cairn.core.state.RecordEntry;
import dev.cairn.core.state.RecordValue;
import dev.cairn.core.state.StateKey;
import dev.cairn.core.state.StateTree;
import dev.cairn.core.state.ValidatorEntry;
import dev.cairn.core.transaction.Delete;
import dev.cairn.core.transaction.Put;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.core.transaction.Transfer;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.cbor.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;

/// A chain of eleven blocks in epochs of three, whose validators change twice: a fourth joins in
/// epoch 2, and the first leaves in epoch 3. Fork version 1 holds from height 5 on. Signed with
/// real keys, not executed: its state is made up and the same in each block.
public final class CertifiedChain {

  public static final long EPOCH_BLOCKS = 3;
  public static final int HEIGHT = 11;

  /// The height of the one block with transactions.
  public static final int FULL = 5;

  static final String NAME = "greeting";

  private static final long[] STAKES = {3, 2, 2, 4};

  private final ChainSpec spec;
  private final Address owner = Address.of(TestChain.key(1).publicKey());
  private final SortedMap<StateKey, Bytes> state = new TreeMap<>();
  private final StateTree tree;
  private final List<Transaction> transactions;
  private final List<Block> blocks = new ArrayList<>();

  private final long lateMillis;

  public CertifiedChain() {
    this(0);
  }

  /// A chain that its validators also signed.
  ///
  /// @param lateMillis added to the time of each block
  CertifiedChain(long lateMillis) {
    this.lateMillis = lateMillis;
    List<GenesisValidator> validators = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      validators.add(GenesisValidator.of(key(i), account(i), STAKES[i]));
    }
    spec =
        new ChainSpec(
            "light",
            new SimplexParams(10_000, EPOCH_BLOCKS, validators),
            TestChain.GENESIS_TIME,
            List.of(new GenesisAccount(owner, TestChain.FUNDS)),
            1,
            1_000_000,
            List.of(1, 2, 3),
            List.of(new Upgrade(1, FULL)));
    transactions =
        List.of(
            sign(0, new Put(NAME, text("hello"), OptionalLong.of(0))),
            sign(1, new Put(NAME, text("again"), OptionalLong.empty())),
            sign(2, new Delete(NAME, OptionalLong.of(2))),
            sign(3, new Transfer(account(0), 5)),
            sign(4, new Put(NAME, text("last"), OptionalLong.of(3))));
    state.put(StateKey.account(owner), new Account(TestChain.FUNDS - 5_005, 5).encode());
    state.put(StateKey.account(account(0)), new Account(5, 0).encode());
    state.put(StateKey.record(owner, NAME), latest().encode());
    for (int i = 0; i < 3; i++) {
      state.put(StateKey.validator(Bytes.wrap(key(i).publicKey())), entry(i).encode());
    }
    tree = StateTree.of(state);
    blocks.add(spec.genesis());
    for (int height = 1; height <= HEIGHT; height++) {
      blocks.add(make(height));
    }
  }

  private static RecordValue text(String text) {
    return new RecordValue.Inline(
        Bytes.wrap(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private Transaction sign(long nonce, dev.cairn.core.transaction.Payload payload) {
    return Transaction.sign(
        spec.domainAt(FULL),
        TestChain.key(1),
        nonce,
        1_000,
        TestChain.GENESIS_TIME + 3_600_000,
        payload);
  }

  static Ed25519Key key(int validator) {
    return TestChain.key(220 + validator);
  }

  private static Address account(int validator) {
    return Address.of(TestChain.key(230 + validator).publicKey());
  }

  private static ValidatorEntry entry(int validator) {
    return new ValidatorEntry(
        Bytes.wrap(key(validator).publicKey()), account(validator), STAKES[validator]);
  }

  /// The validators of an epoch, by the numbers that this class gives them.
  private static List<Integer> members(long epoch) {
    return epoch < 2 ? List.of(0, 1, 2) : epoch == 2 ? List.of(0, 1, 2, 3) : List.of(1, 2, 3);
  }

  public List<ValidatorEntry> validators(long epoch) {
    return members(epoch).stream()
        .map(CertifiedChain::entry)
        .sorted(Comparator.comparing(ValidatorEntry::key))
        .toList();
  }

  private Block make(int height) {
    long epoch = (height - 1) / EPOCH_BLOCKS;
    int proposer = members(epoch).getFirst();
    HeaderTuple tuple =
        new HeaderTuple(
            epoch,
            account(proposer),
            new ValidatorSet(validators(epoch)).hash(),
            new ValidatorSet(validators(epoch + 1)).hash());
    return Block.seal(
        height,
        TestChain.GENESIS_TIME + 1_000L * height + lateMillis,
        Optional.of(blocks.getLast().id()),
        Body.of(height == FULL ? transactions : List.of()),
        tree.root(),
        tuple.encode(),
        (h, fields) ->
            Optional.of(
                Bytes.wrap(
                    key(proposer).sign(spec.domainAt(h).message(SigningDomain.BLOCK, fields)))));
  }

  public ChainSpec spec() {
    return spec;
  }

  public Address owner() {
    return owner;
  }

  public Block block(int height) {
    return blocks.get(height);
  }

  public Header header(int height) {
    return blocks.get(height).header();
  }

  public List<Transaction> transactions() {
    return transactions;
  }

  public TransactionProof transactionProof(int index) {
    return TransactionProof.of(transactions.stream().map(Transaction::id).toList(), index);
  }

  public SortedMap<StateKey, Bytes> state() {
    return state;
  }

  public StateTree tree() {
    return tree;
  }

  /// The record's latest version.
  public RecordEntry latest() {
    return new RecordEntry(owner, 4, Optional.of(text("last")), transactions.get(4).id());
  }

  /// The finalize certificate of a block by all validators of its epoch.
  public Bytes certificate(int height) {
    long epoch = (height - 1) / EPOCH_BLOCKS;
    return certificate(height, epoch, members(epoch));
  }

  /// A finalize certificate by these validators as if they were, with all others of their epoch,
  /// its set.
  ///
  /// @param setOf the epoch whose set they are counted in
  public Bytes certificate(int height, long setOf, List<Integer> signers) {
    long epoch = (height - 1) / EPOCH_BLOCKS;
    Statement statement = new Statement.Finalize(epoch, height, header(height).id());
    byte[] message =
        spec.domainAt(epoch * EPOCH_BLOCKS + 1)
            .message(Certificate.VOTE, Slice.of(statement.encode()));
    List<ValidatorEntry> set = validators(setOf);
    byte[] bits = new byte[1];
    Bytes signatures = Bytes.EMPTY;
    for (int i = 0; i < set.size(); i++) {
      for (int signer : signers) {
        if (set.get(i).equals(entry(signer))) {
          bits[0] |= (byte) (1 << i);
          signatures = Bytes.concatenate(signatures, Bytes.wrap(key(signer).sign(message)));
        }
      }
    }
    return Bytes.wrap(new Certificate(statement, Bytes.wrap(bits), signatures).encode());
  }

  /// The proof of a block by the certificate of a later one.
  public FinalityProof finality(int height, int certified) {
    List<Header> headers = new ArrayList<>();
    for (int h = height; h <= certified; h++) {
      headers.add(header(h));
    }
    return new FinalityProof(headers, certificate(certified));
  }

  public EpochEnd end(long epoch) {
    int height = (int) ((epoch + 1) * EPOCH_BLOCKS);
    boolean same = validators(epoch).equals(validators(epoch + 1));
    return new EpochEnd(
        header(height),
        certificate(height),
        same ? Optional.empty() : Optional.of(validators(epoch + 1)));
  }
}
