package dev.cairn.simulator;

import dev.cairn.core.Address;
import dev.cairn.core.block.Block;
import dev.cairn.core.block.Header;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.PowParams;
import dev.cairn.core.consensus.Engine;
import dev.cairn.core.consensus.Puzzle;
import dev.cairn.core.consensus.SealVerifier;
import dev.cairn.core.consensus.pow.PowEngine;
import dev.cairn.core.consensus.pow.PowRules;
import dev.cairn.core.consensus.pow.PowSeals;
import dev.cairn.core.ledger.ChainStore;
import dev.cairn.crypto.Ed25519Key;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/// Proof of work: miners of equal power; the nodes above follow. A block is final under 24
/// confirmations, which is longer than any storm keeps nodes apart.
final class PowSide implements Side {

  private static final long INTERVAL_MILLIS = 500;
  private static final long HALF_LIFE_MILLIS = 30_000;
  private static final long DIFFICULTY = 64;
  private static final int FINALITY_DEPTH = 24;

  private final ChainSpec spec;
  private final PowRules rules;
  private final List<Ed25519Key> accounts = SimChain.accountKeys();
  private final int miners;

  PowSide(Scenario scenario) {
    this.miners = scenario.nodes();
    List<GenesisAccount> funded = new ArrayList<>();
    for (Ed25519Key key : accounts) {
      funded.add(new GenesisAccount(Address.of(key.publicKey()), SimChain.FUNDS));
    }
    this.spec =
        new ChainSpec(
            "simulation",
            new PowParams(INTERVAL_MILLIS, HALF_LIFE_MILLIS, DIFFICULTY, 2, FINALITY_DEPTH),
            Schedule.WALL_MILLIS_START - 1_000,
            funded,
            1,
            1_000_000,
            List.of(1, 2, 3),
            List.of());
    this.rules = PowRules.of(spec);
  }

  @Override
  public ChainSpec spec() {
    return spec;
  }

  @Override
  public List<Ed25519Key> accounts() {
    return accounts;
  }

  @Override
  public Optional<Order> order(SimRandom random) {
    return Optional.empty();
  }

  @Override
  public Engine engine(int node, ChainStore store) {
    return node < miners
        ? PowEngine.miner(rules, height -> time(store, height), miner(node))
        : PowEngine.observer(rules, height -> time(store, height));
  }

  private static long time(ChainStore store, long height) {
    return store
        .blockAt(height)
        .flatMap(store::block)
        .map(block -> block.decode().header().time())
        .orElseThrow();
  }

  private static Address miner(int node) {
    byte[] key = new byte[Address.BYTES];
    key[0] = (byte) (node + 1);
    return Address.of(key);
  }

  @Override
  public double hashesPerSecond(int node) {
    return DIFFICULTY * 1_000.0 / INTERVAL_MILLIS / miners;
  }

  @Override
  public SealVerifier seals(ChainStore store) {
    return new PowSeals(rules, height -> time(store, height));
  }

  @Override
  public Optional<String> fault(Block block, ChainStore store) {
    Header header = block.header();
    Puzzle puzzle = rules.puzzle(header);
    long parent = block.height() - 1;
    if (!puzzle.target().equals(rules.target(parent, time(store, parent)))) {
      return Optional.of("its target is another than the rules say");
    }
    Bytes nonce = header.seal().orElse(Bytes.EMPTY);
    return nonce.size() == Puzzle.NONCE_BYTES
            && puzzle.solvedBy(ByteBuffer.wrap(nonce.toArray()).getLong())
        ? Optional.empty()
        : Optional.of("its work is not done");
  }

  @Override
  public List<Fault> lies() {
    return List.of(Fault.WITHHOLD, Fault.SILENT, Fault.LATE, Fault.GARBAGE, Fault.REPLAY);
  }

  @Override
  public Liar liar(World world, int node) {
    return new PowLiar(world, node);
  }

  @Override
  public int owner(Bytes key) {
    return -1;
  }

  @Override
  public boolean tolerates(List<Integer> liars) {
    return 3 * liars.size() < miners;
  }
}
