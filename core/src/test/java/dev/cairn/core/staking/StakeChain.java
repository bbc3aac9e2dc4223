package dev.cairn.core.staking;

import dev.cairn.core.Address;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Sealer;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.GenesisValidator;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.ledger.Assembled;
import dev.cairn.core.ledger.Draft;
import dev.cairn.core.ledger.Ledger;
import dev.cairn.core.ledger.MemoryChainStore;
import dev.cairn.core.ledger.View;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.cbor.CborWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// A chain with epochs of four blocks, where account i (from 1) owns the validator 100 + i.
public final class StakeChain {

  static final int EPOCH = 4;
  static final long MIN = 1_000;
  static final long UNBONDING = 3_000;
  public static final long STAKE = 10_000;
  static final long FUNDS = 1_000_000;

  private static final Bytes TUPLE = Bytes.wrap(new CborWriter().array(0).toBytes());

  public final ChainSpec spec;
  final MemoryChainStore store = new MemoryChainStore();
  final Ledger ledger;

  /// @param validators of the accounts from 1 on
  public StakeChain(int validators) {
    this(validators, UNBONDING);
  }

  StakeChain(int validators, long unbonding) {
    this(validators, unbonding, 0);
  }

  StakeChain(int validators, long unbonding, long feePerByte) {
    List<GenesisValidator> entries = new ArrayList<>();
    List<GenesisAccount> accounts = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      accounts.add(new GenesisAccount(account(i), FUNDS));
      if (i <= validators) {
        entries.add(GenesisValidator.of(validator(i), account(i), STAKE));
      }
    }
    StakingParams staking = new StakingParams(EPOCH, MIN, unbonding, 100);
    spec =
        new ChainSpec(
            "stakes",
            new SimplexParams(10_000, EPOCH, entries, Optional.of(staking)),
            TestChain.GENESIS_TIME,
            accounts,
            feePerByte,
            1_000_000,
            List.of(1, 4, 5, 6),
            List.of());
    ledger = new Ledger(spec, store);
  }

  public static Address account(int i) {
    return Address.of(TestChain.key(i).publicKey());
  }

  public static Ed25519Key validator(int i) {
    return TestChain.key(100 + i);
  }

  public static Bytes key(int i) {
    return Bytes.wrap(validator(i).publicKey());
  }

  public static Stake stake(int account, int validator, long amount) {
    Bytes possession = Possession.prove(validator(validator), account(account));
    return new Stake(key(validator), possession, amount);
  }

  /// Signed by an account, for the head.
  public Transaction sign(int account, Payload payload) {
    return sign(TestChain.key(account), payload);
  }

  public Transaction sign(Ed25519Key signer, Payload payload) {
    View state = ledger.finalState();
    long nonce = state.account(Address.of(signer.publicKey())).nonce();
    long until = state.time() + 60_000;
    return Transaction.sign(spec.domainAt(state.height() + 1), signer, nonce, 0, until, payload);
  }

  private Assembled assemble(List<Transaction> transactions) {
    View state = ledger.finalState();
    Draft draft = new Draft(state.block(), state.time() + 1_000, TUPLE, account(9), transactions);
    return ledger.assemble(draft, Sealer.NONE);
  }

  /// A final block, one second after the one before, with what must all be valid; executed by
  /// another ledger too.
  public Block block(Transaction... transactions) {
    Assembled made = assemble(List.of(transactions));
    if (!made.refused().isEmpty()) {
      throw new AssertionError(made.refused().getFirst().reason());
    }
    ledger.finalize(made.block().id(), Bytes.of(1));
    return made.block();
  }

  /// Blocks up to this height.
  public View to(long height) {
    while (ledger.finalState().height() < height) {
      block();
    }
    return ledger.finalState();
  }

  /// Why a block refuses the transaction.
  public String refusal(Transaction transaction) {
    List<Assembled.Refused> refused = assemble(List.of(transaction)).refused();
    return refused.isEmpty() ? "" : refused.getFirst().reason();
  }

  public View state() {
    return ledger.finalState();
  }

  /// Validators of the set of an epoch, as numbers, ascending.
  List<Integer> set(long epoch) {
    return ordered(epoch).stream().sorted().toList();
  }

  /// The same in the set's order.
  public List<Integer> ordered(long epoch) {
    List<Integer> numbers = new ArrayList<>();
    for (var entry : Offences.set(state(), epoch).orElse(List.of())) {
      for (int i = 1; i < 300; i++) {
        if (key(i).equals(entry.key())) {
          numbers.add(i);
        }
      }
    }
    return numbers;
  }

  long balance(int account) {
    return state().account(account(account)).balance();
  }
}
