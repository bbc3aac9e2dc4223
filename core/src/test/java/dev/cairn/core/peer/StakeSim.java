package dev.cairn.core.peer;

import dev.cairn.core.Address;
import dev.cairn.core.TestChain;
import dev.cairn.core.block.Block;
import dev.cairn.core.chainspec.ChainSpec;
import dev.cairn.core.chainspec.GenesisAccount;
import dev.cairn.core.chainspec.GenesisValidator;
import dev.cairn.core.chainspec.SimplexParams;
import dev.cairn.core.consensus.simplex.SimplexTiming;
import dev.cairn.core.staking.StakingParams;
import dev.cairn.core.transaction.Payload;
import dev.cairn.core.transaction.Transaction;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.machine.Now;
import dev.cairn.multiformats.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;
import org.apache.tuweni.bytes.Bytes;

/// Whole peers of a chain whose validators change, under virtual time, with a network that loses
/// and delays, all from one seed. Account i owns validator i.
final class StakeSim {

  static final int EPOCH = 6;
  static final long STAKE = 10_000;
  static final int ACCOUNTS = 8;
  static final SimplexTiming TIMING = new SimplexTiming(400, 200, 50, 10, 5_000);

  private static final long MILLI = 1_000_000;

  private record Event(long nanos, long number, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event o) {
      return nanos != o.nanos ? Long.compare(nanos, o.nanos) : Long.compare(number, o.number);
    }
  }

  final ChainSpec spec;
  final Random random;
  final List<StakeNode> nodes = new ArrayList<>();
  final TreeMap<Long, Block> finals = new TreeMap<>();
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private long nanos;
  private long numbers;
  double loss;

  /// @param validators of the accounts from 1 on
  StakeSim(int validators, long seed) {
    random = new Random(seed);
    List<GenesisValidator> entries = new ArrayList<>();
    List<GenesisAccount> accounts = new ArrayList<>();
    for (int i = 1; i <= ACCOUNTS; i++) {
      accounts.add(new GenesisAccount(account(i), 1_000_000));
      if (i <= validators) {
        entries.add(GenesisValidator.of(validator(i), account(i), STAKE));
      }
    }
    StakingParams staking = new StakingParams(EPOCH, STAKE, 1_000, 100);
    spec =
        new ChainSpec(
            "stake-sim",
            new SimplexParams(200, EPOCH, entries, Optional.of(staking)),
            TestChain.GENESIS_TIME,
            accounts,
            1,
            1_000_000,
            List.of(1, 4, 5, 6),
            List.of());
  }

  static Address account(int i) {
    return Address.of(TestChain.key(i).publicKey());
  }

  static Ed25519Key validator(int i) {
    return TestChain.key(100 + i);
  }

  static Bytes key(int i) {
    return Bytes.wrap(validator(i).publicKey());
  }

  /// Adds a node that votes with the key of a validator, or follows with 0; starts it.
  StakeNode add(int validator) {
    StakeNode node = new StakeNode(this, nodes.size(), validator);
    nodes.add(node);
    node.start();
    for (StakeNode other : nodes) {
      if (other != node) {
        other.take(new PeerInput.PeerJoined(node.name()));
        node.take(new PeerInput.PeerJoined(other.name()));
      }
    }
    return node;
  }

  StakeNode named(String name) {
    return nodes.get(Integer.parseInt(name.substring(1)));
  }

  Now now() {
    return new Now(nanos, TestChain.GENESIS_TIME + 1_000 + nanos / MILLI);
  }

  void after(long delayNanos, Runnable action) {
    events.add(new Event(nanos + delayNanos, numbers++, action));
  }

  void at(long atNanos, Runnable action) {
    events.add(new Event(Math.max(nanos, atNanos), numbers++, action));
  }

  /// Delivers after a while, or never.
  void send(Runnable delivery) {
    if (random.nextDouble() >= loss) {
      after(MILLI / 2 + random.nextLong(8 * MILLI), delivery);
    }
  }

  /// Runs until the nodes have this height, at most so long.
  void to(long height, long millisMax, List<StakeNode> wanted) {
    long end = nanos + millisMax * MILLI;
    while (wanted.stream().anyMatch(n -> n.height() < height)) {
      Event next = events.poll();
      if (next == null || next.nanos > end) {
        throw new AssertionError("not at " + height + " but at " + heights());
      }
      nanos = Math.max(nanos, next.nanos);
      next.action.run();
    }
  }

  private String heights() {
    StringBuilder text = new StringBuilder();
    nodes.forEach(n -> text.append(n.name()).append(' ').append(n.height()).append("  "));
    return text.toString();
  }

  void finalized(StakeNode node, Block block) {
    Block other = finals.putIfAbsent(block.height(), block);
    if (other != null && !other.id().equals(block.id())) {
      throw new AssertionError(node.name() + " has another block " + block.height() + " final");
    }
  }

  /// Hands a transaction of an account to a node.
  Cid submit(StakeNode node, int account, Payload payload) {
    Transaction transaction =
        Transaction.sign(
            spec.domainAt(1),
            TestChain.key(account),
            node.state().account(account(account)).nonce(),
            1_000,
            now().wallMillis() + 600_000,
            payload);
    node.take(new PeerInput.Submit(0, transaction));
    return transaction.id();
  }
}
