package dev.cairn.simulator;

import dev.cairn.core.block.Block;
import dev.cairn.core.sync.BlockMessage;
import dev.cairn.multiformats.MalformedException;
import dev.cairn.simulator.SimGossip.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// A dishonest miner: it withholds its blocks, keeps silent, is late, sends blocks without work or
/// replays old ones.
///
/// Owner: its [SimNode].
final class PowLiar implements Liar {

  private static final int REMEMBERED_MAX = 128;
  private static final long HELD_NANOS_MIN = 200_000_000L;
  private static final long HELD_NANOS_MAX = 1_500_000_000L;
  private static final int NOISE_BYTES_MAX = 300;

  private record Heard(Topic topic, Bytes data) {}

  private final World world;
  private final int self;
  private final SimRandom random;
  private final List<Heard> remembered = new ArrayList<>();
  private @Nullable Fault lie;

  PowLiar(World world, int self) {
    this.world = world;
    this.self = self;
    this.random = world.random().split();
  }

  @Override
  public void lie(@Nullable Fault how) {
    lie = how;
    world.network().silent(self, how == Fault.SILENT);
    boolean late = how == Fault.LATE;
    world.network().late(self, late ? random.nextLong(HELD_NANOS_MIN, HELD_NANOS_MAX) : 0);
  }

  @Override
  public void hears(Topic topic, Bytes data) {
    if (remembered.size() < REMEMBERED_MAX) {
      remembered.add(new Heard(topic, data));
    } else {
      remembered.set(random.nextInt(REMEMBERED_MAX), new Heard(topic, data));
    }
  }

  @Override
  public boolean publishes(Topic topic, Bytes data) {
    hears(topic, data);
    if (lie != Fault.WITHHOLD || topic != Topic.BLOCK) {
      return false;
    }
    world.faults().add(Fault.WITHHOLD);
    long held = random.nextLong(HELD_NANOS_MIN, HELD_NANOS_MAX);
    world.schedule().after(held, () -> all(topic, data));
    return true;
  }

  private void all(Topic topic, Bytes data) {
    for (SimNode node : world.nodes()) {
      if (node.index() != self) {
        world.inject(self, node.index(), topic, data);
      }
    }
  }

  @Override
  public void idle() {
    if (lie == Fault.GARBAGE) {
      world.faults().add(Fault.GARBAGE);
      Optional<Block> real = random.nextBoolean() ? someBlock() : Optional.empty();
      all(Topic.BLOCK, real.map(this::withoutWork).orElseGet(this::noise));
    } else if (lie == Fault.REPLAY && !remembered.isEmpty()) {
      world.faults().add(Fault.REPLAY);
      Heard heard = remembered.get(random.nextInt(remembered.size()));
      all(heard.topic, heard.data);
    }
  }

  private Optional<Block> someBlock() {
    for (Heard heard : remembered.reversed()) {
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

  /// The same block with another time, so that its work is not its own.
  private Bytes withoutWork(Block block) {
    Block forged =
        Block.seal(
            block.height(),
            block.header().time() + 1,
            block.parent(),
            block.body(),
            block.header().fields().stateRoot(),
            block.header().fields().consensus(),
            (height, fields) -> block.header().seal());
    return Bytes.wrap(new BlockMessage(forged, Bytes.EMPTY).encode());
  }

  private Bytes noise() {
    byte[] noise = new byte[random.nextInt(1, NOISE_BYTES_MAX)];
    random.nextBytes(noise);
    return Bytes.wrap(noise);
  }
}
