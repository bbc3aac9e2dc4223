package dev.cairn.simulator;

import dev.cairn.core.Address;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.consensus.simplex.CertificateVerifier;
import dev.cairn.core.consensus.simplex.SignatureCheck;
import dev.cairn.core.consensus.simplex.Signer;
import dev.cairn.core.consensus.simplex.SimplexEngine;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.SimplexTiming;
import dev.cairn.core.consensus.simplex.VoteRules;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.core.staking.Possession;
import dev.cairn.core.staking.Stake;
import dev.cairn.core.staking.Unstake;
import dev.cairn.crypto.Ed25519Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Simplex: validators of about equal stake, node i with key i; the nodes above are observers.
final class SimplexSide implements Side {

  private static final int STAKE_MIN = 900;
  private static final int STAKE_MAX = 1_100;
  private static final int STAKE_MOVED_MAX = 5;

  /// What all such moves of a seed may come to, by far.
  private static final int STAKE_SLACK = 100;

  private final SimChain chain;
  private final Break broken;
  private final SignatureMemo signatures = new SignatureMemo(SignatureCheck.ED25519);
  private final VoteRules votes;
  private final SimplexTiming timing;

  SimplexSide(Scenario scenario, SimRandom random) {
    this(scenario, random, Waits.SIMPLEX);
  }

  SimplexSide(Scenario scenario, SimRandom random, SimplexTiming timing) {
    List<Long> stakes = new ArrayList<>();
    for (int i = 0; i < scenario.nodes(); i++) {
      stakes.add((long) random.nextInt(STAKE_MIN, STAKE_MAX + 1));
    }
    this.timing = timing;
    this.chain = SimChain.of(stakes);
    this.broken = scenario.broken();
    this.votes = new VoteRules(scenario.broken() != Break.SKIP_FINAL);
  }

  /// The rules as a node knows them whose final chain is in this store.
  SimplexRules rules(ChainStore store) {
    SimplexRules real = SimplexRules.of(chain.spec(), store);
    return new SimplexRules(
        real.epochBlocks(),
        real.longestSilenceMillis(),
        broken == Break.QUORUM
            ? epoch -> real.set(epoch).map(set -> set.withQuorum(set.totalStake() / 3 + 1))
            : real.sets(),
        real.domains(),
        signatures);
  }

  Ed25519Key key(int node) {
    return chain.validators().get(node);
  }

  @Override
  public ChainSpec spec() {
    return chain.spec();
  }

  @Override
  public List<Ed25519Key> accounts() {
    return chain.accounts();
  }

  /// A validator's owner moves a little stake, so that each epoch has another set.
  @Override
  public Optional<Order> order(SimRandom random) {
    Ed25519Key validator = key(random.nextInt(chain.validators().size()));
    Bytes name = Bytes.wrap(validator.publicKey());
    long amount = random.nextInt(1, STAKE_MOVED_MAX + 1);
    Address owner = Address.of(validator.publicKey());
    return Optional.of(
        new Order(
            validator,
            random.nextBoolean()
                ? new Unstake(name, amount)
                : new Stake(name, Possession.prove(validator, owner), amount)));
  }

  @Override
  public Engine engine(int node, ChainStore store) {
    SimplexRules rules = rules(store);
    return node < chain.validators().size()
        ? SimplexEngine.validator(rules, timing, Signer.of(key(node)), votes)
        : SimplexEngine.observer(rules, timing);
  }

  @Override
  public SealVerifier seals(ChainStore store) {
    return new CertificateVerifier(rules(store));
  }

  @Override
  public List<Fault> lies() {
    return List.of(
        Fault.EQUIVOCATE, Fault.SILENT, Fault.LATE, Fault.FUTURE, Fault.GARBAGE, Fault.REPLAY);
  }

  @Override
  public Liar liar(World world, int node) {
    return new SimplexLiar(world, node, this);
  }

  @Override
  public int owner(Bytes key) {
    for (int i = 0; i < chain.validators().size(); i++) {
      if (key.equals(Bytes.wrap(key(i).publicKey()))) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public boolean tolerates(List<Integer> liars) {
    long total = chain.stakes().stream().mapToLong(s -> s).sum();
    long lying = liars.stream().mapToLong(chain.stakes()::get).sum();
    return 3 * (lying + STAKE_SLACK) < total;
  }
}
