package dev.cairn.simulator;

import dev.cairn.core.block.Block;
import dev.cairn.core.consensus.simplex.Certificate;
import dev.cairn.core.consensus.simplex.Message;
import dev.cairn.core.consensus.simplex.Proposal;
import dev.cairn.core.consensus.simplex.SimplexRules;
import dev.cairn.core.consensus.simplex.Statement;
import dev.cairn.core.consensus.simplex.ValidatorSet;
import dev.cairn.core.consensus.simplex.Vote;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.core.transaction.SigningDomain;
import dev.cairn.crypto.Ed25519Key;
import dev.cairn.multiformats.Cid;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.multiformats.cbor.Slice;
import dev.cairn.simulator.SimGossip.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// A Byzantine validator: it equivocates, keeps silent, is late, votes for the future, sends
/// garbage or replays what was said before.
///
/// Owner: its [SimNode].
final class SimplexLiar implements Liar {

  private static final int REMEMBERED_MAX = 256;
  private static final int FUTURE_SLOTS = 48;
  private static final int FUTURE_EPOCHS = 3;
  private static final int BURST_MAX = 4;
  private static final int BLOCK_TRIES = 8;
  private static final long LATE_NANOS_MIN = 300_000_000L;
  private static final long LATE_NANOS_MAX = 3_000_000_000L;

  private record Heard(Topic topic, Bytes data) {}

  private final World world;
  private final int self;
  private final SimplexRules rules;
  private final Ed25519Key key;
  private final SimRandom random;
  private final List<Heard> remembered = new ArrayList<>();
  private @Nullable Fault lie;

  /// Where the chain is, as far as its own messages tell.
  private long epoch;

  private long slot = 1;

  SimplexLiar(World world, int self, SimplexSide side) {
    this.world = world;
    this.self = self;
    this.rules = side.rules(world.nodes().get(self).store());
    this.key = side.key(self);
    this.random = world.random().split();
  }

  @Override
  public void lie(@Nullable Fault how) {
    lie = how;
    world.network().silent(self, how == Fault.SILENT);
    boolean late = how == Fault.LATE;
    world.network().late(self, late ? random.nextLong(LATE_NANOS_MIN, LATE_NANOS_MAX) : 0);
  }

  @Override
  public void hears(Topic topic, Bytes data) {
    remember(topic, data);
    if (lie == Fault.EQUIVOCATE && topic == Topic.BLOCK) {
      // It votes for whatever it is shown, and against it too.
      proposal(data).ifPresent(p -> contradict(p.epoch(), p.slot(), p.block()));
    }
  }

  private void remember(Topic topic, Bytes data) {
    if (remembered.size() < REMEMBERED_MAX) {
      remembered.add(new Heard(topic, data));
    } else {
      remembered.set(random.nextInt(REMEMBERED_MAX), new Heard(topic, data));
    }
  }

  private static Optional<Proposal> proposal(Bytes data) {
    try {
      Message seal =
          Message.decode(BlockMessage.decode(data.toArrayUnsafe()).seal().toArrayUnsafe());
      return seal instanceof Proposal p ? Optional.of(p) : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean publishes(Topic topic, Bytes data) {
    remember(topic, data);
    if (topic == Topic.VOTE) {
      Message message = Message.decode(data.toArrayUnsafe());
      epoch = Math.max(epoch, message.epoch());
      slot = message.slot();
    }
    return lie == Fault.EQUIVOCATE
        && switch (topic) {
          case TX -> false;
          case BLOCK -> proposeTwice(data);
          case VOTE -> voteTwice(Message.decode(data.toArrayUnsafe()));
        };
  }

  /// One block for some peers and another for the rest, both valid, and a vote for each.
  private boolean proposeTwice(Bytes data) {
    Optional<Proposal> made = proposal(data);
    if (made.isEmpty()) {
      return false;
    }
    Proposal first = made.get();
    Block block = BlockMessage.decode(data.toArrayUnsafe()).block();
    Block other =
        Block.seal(
            block.height(),
            block.header().time() + 1,
            block.parent(),
            block.body(),
            block.header().fields().stateRoot(),
            block.header().fields().consensus(),
            (height, fields) ->
                Optional.of(sign(rules.domains().apply(height), SigningDomain.BLOCK, fields)));
    byte[] content = Proposal.content(first.epoch(), first.slot(), first.parentSlot(), other.id());
    Bytes signature = sign(rules.voteDomain(first.epoch()), Proposal.KIND, Slice.of(content));
    Proposal second =
        new Proposal(first.epoch(), first.slot(), first.parentSlot(), other.id(), signature);
    BlockMessage lied = new BlockMessage(other, Bytes.wrap(second.encode()));
    world.faults().add(Fault.EQUIVOCATE);
    split(Topic.BLOCK, data, Bytes.wrap(lied.encode()));
    contradict(first.epoch(), first.slot(), first.block());
    contradict(first.epoch(), first.slot(), other.id());
    return true;
  }

  private boolean voteTwice(Message message) {
    if (!(message instanceof Vote vote)) {
      return false;
    }
    Statement opposite =
        switch (vote.statement()) {
          case Statement.Notarize n -> new Statement.Skip(n.epoch(), n.slot());
          case Statement.Finalize f -> new Statement.Skip(f.epoch(), f.slot());
          case Statement.Skip s -> new Statement.Finalize(s.epoch(), s.slot(), someBlock());
        };
    world.faults().add(Fault.EQUIVOCATE);
    split(Topic.VOTE, Bytes.wrap(vote.encode()), vote(opposite));
    return true;
  }

  private void contradict(long inEpoch, long inSlot, Cid block) {
    world.faults().add(Fault.EQUIVOCATE);
    split(
        Topic.VOTE,
        vote(new Statement.Notarize(inEpoch, inSlot, block)),
        vote(new Statement.Skip(inEpoch, inSlot)));
    split(
        Topic.VOTE,
        vote(new Statement.Finalize(inEpoch, inSlot, block)),
        vote(new Statement.Skip(inEpoch, inSlot)));
  }

  /// Sends the one to some peers and the other to the rest, past its own gossip.
  private void split(Topic topic, Bytes one, Bytes other) {
    int side = random.nextInt(1 << 16);
    for (SimNode node : world.nodes()) {
      if (node.index() != self) {
        world.inject(self, node.index(), topic, (side >>> node.index() & 1) == 0 ? one : other);
      }
    }
  }

  private void all(Topic topic, Bytes data) {
    split(topic, data, data);
  }

  @Override
  public void idle() {
    if (lie == null) {
      return;
    }
    switch (lie) {
      case FUTURE -> future();
      case GARBAGE -> garbage();
      case REPLAY -> replay();
      default -> {}
    }
  }

  private void future() {
    for (int i = random.nextInt(1, BURST_MAX + 1); i > 0; i--) {
      long ahead = slot + random.nextInt(1, FUTURE_SLOTS);
      long in = epoch + (random.nextInt(4) == 0 ? random.nextInt(1, FUTURE_EPOCHS) : 0);
      Statement statement =
          switch (random.nextInt(3)) {
            case 0 -> new Statement.Notarize(in, ahead, someBlock());
            case 1 -> new Statement.Finalize(in, ahead, someBlock());
            default -> new Statement.Skip(in, ahead);
          };
      world.faults().add(Fault.FUTURE);
      all(Topic.VOTE, vote(statement));
    }
  }

  private void garbage() {
    world.faults().add(Fault.GARBAGE);
    switch (random.nextInt(5)) {
      case 0 -> all(Topic.VOTE, noise(random.nextInt(1, 300)));
      case 1 -> all(Topic.BLOCK, noise(random.nextInt(1, 300)));
      case 2 -> all(Topic.VOTE, Bytes.wrap(forged(someBlock()).encode()));
      case 3 ->
          someHeardBlock()
              .ifPresent(
                  real -> {
                    Bytes seal = Bytes.wrap(forged(real.id()).encode());
                    all(Topic.BLOCK, Bytes.wrap(new BlockMessage(real, seal).encode()));
                  });
      default -> {
        Statement skip = new Statement.Skip(epoch, slot);
        all(Topic.VOTE, Bytes.wrap(new Vote(skip, random.nextInt(256), noise(64)).encode()));
      }
    }
  }

  /// A finalize certificate that all seem to have signed, one signature of which is good.
  private Certificate forged(Cid block) {
    Statement statement = new Statement.Finalize(epoch, slot, block);
    int size = rules.set(epoch).map(ValidatorSet::size).orElse(1);
    byte[] signers = new byte[(size + 7) / 8];
    for (int i = 0; i < size; i++) {
      signers[i / 8] |= (byte) (1 << (i % 8));
    }
    Bytes good = sign(rules.voteDomain(epoch), Certificate.VOTE, Slice.of(statement.encode()));
    Bytes signatures = good;
    for (int i = 1; i < size; i++) {
      signatures = Bytes.concatenate(signatures, random.nextBoolean() ? good : noise(64));
    }
    return new Certificate(statement, Bytes.wrap(signers), signatures);
  }

  private void replay() {
    if (!remembered.isEmpty()) {
      Heard heard = remembered.get(random.nextInt(remembered.size()));
      world.faults().add(Fault.REPLAY);
      all(heard.topic, heard.data);
    }
  }

  private Cid someBlock() {
    return someHeardBlock().map(Block::id).orElse(world.side().spec().genesis().id());
  }

  private Optional<Block> someHeardBlock() {
    for (int tries = 0; tries < BLOCK_TRIES && !remembered.isEmpty(); tries++) {
      Heard heard = remembered.get(random.nextInt(remembered.size()));
      if (heard.topic == Topic.BLOCK) {
        try {
          return Optional.of(BlockMessage.decode(heard.data.toArrayUnsafe()).block());
        } catch (MalformedException e) {
          // Another liar's garbage.
        }
      }
    }
    return Optional.empty();
  }

  private Bytes noise(int bytes) {
    byte[] noise = new byte[bytes];
    random.nextBytes(noise);
    return Bytes.wrap(noise);
  }

  /// A good signature of its own under whatever it likes; noise once it is not in the set.
  private Bytes vote(Statement statement) {
    int voter =
        rules
            .set(statement.epoch())
            .map(set -> set.indexOf(Bytes.wrap(key.publicKey())))
            .orElse(-1);
    Bytes signature =
        sign(rules.voteDomain(statement.epoch()), Certificate.VOTE, Slice.of(statement.encode()));
    return Bytes.wrap(new Vote(statement, Math.max(voter, 0), signature).encode());
  }

  private Bytes sign(SigningDomain domain, String kind, Slice content) {
    return Bytes.wrap(key.sign(domain.message(kind, content)));
  }
}
