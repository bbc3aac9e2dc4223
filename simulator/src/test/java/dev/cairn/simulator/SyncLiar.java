package dev.cairn.simulator;

import dev.cairn.core.sync.BlocksRequest;
import dev.cairn.core.sync.Status;
import dev.cairn.simulator.SimGossip.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/// A peer that is honest in gossip and lies to those who sync from it, always in one way.
final class SyncLiar implements Liar {

  enum Way {
    /// Claims a chain that is much longer than any, and has nothing of it.
    BOAST,
    /// Claims what it has and sends none of it.
    WITHHOLD,
    /// Never answers.
    STALL,
    /// Changes a signature in the last certificate.
    FORGE,
    /// Sends other blocks than were asked for.
    OTHERS,
    /// Leaves out a block in the middle.
    GAP,
    /// Sends what is no block message.
    GARBAGE
  }

  private final Way way;
  private List<byte[]> before = List.of();
  private int lies;

  SyncLiar(Way way) {
    this.way = way;
  }

  /// How often it lied.
  int lies() {
    return lies;
  }

  @Override
  public void lie(@Nullable Fault how) {}

  @Override
  public boolean publishes(Topic topic, Bytes data) {
    return false;
  }

  @Override
  public void hears(Topic topic, Bytes data) {}

  @Override
  public void idle() {}

  @Override
  public byte[] status(byte[] truth) {
    if (way != Way.BOAST) {
      return truth;
    }
    Status status = Status.decode(truth);
    long height = status.height() + 5_000;
    return new Status(
            status.chainId(), status.genesis(), height, status.head(), height, status.finalized())
        .encode();
  }

  @Override
  public Optional<List<byte[]>> serves(BlocksRequest request, List<byte[]> truth) {
    lies++;
    return switch (way) {
      case BOAST, WITHHOLD -> Optional.of(List.of());
      case STALL -> Optional.empty();
      case FORGE -> Optional.of(changed(truth));
      case OTHERS -> {
        List<byte[]> old = before;
        before = truth;
        yield Optional.of(old);
      }
      case GAP -> {
        List<byte[]> holed = new ArrayList<>(truth);
        if (!holed.isEmpty()) {
          holed.remove(holed.size() / 2);
        }
        yield Optional.of(holed);
      }
      case GARBAGE -> Optional.of(List.of(new byte[] {1, 2, 3}));
    };
  }

  private static List<byte[]> changed(List<byte[]> truth) {
    List<byte[]> messages = new ArrayList<>(truth);
    if (!messages.isEmpty()) {
      byte[] last = messages.getLast().clone();
      last[last.length - 1] ^= 1;
      messages.set(messages.size() - 1, last);
    }
    return messages;
  }
}
