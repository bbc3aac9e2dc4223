package dev.cairn.libp2p.yamux;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.libp2p.upgrade.UpgradeParams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Sessions that read what nobody should send. Nothing but [YamuxException] may come out, and the
/// memory stays within its limits.
class SessionFuzzTest {

  private static final UpgradeParams PARAMS = Yamux.params(1 << 20, 1 << 20, 1 << 20, 16);

  @Test
  void random_bytes() {
    Random random = new Random(21);
    for (int i = 0; i < 20_000; i++) {
      Yamux yamux = new Yamux(random.nextBoolean(), PARAMS);
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      if (bytes.length > 1) {
        bytes[0] = 0;
        bytes[1] &= 3;
      }
      try {
        yamux.session.receive(ByteBuffer.wrap(bytes), false, 0);
        yamux.out();
      } catch (YamuxException e) {
        yamux.session.fail(e);
      }
    }
  }

  @Test
  void random_frames_and_owners() throws IOException {
    for (int seed = 0; seed < 300; seed++) {
      run(new Random(seed));
    }
  }

  private static void run(Random random) throws IOException {
    Yamux yamux = new Yamux(random.nextBoolean(), PARAMS);
    List<StreamState> streams = new ArrayList<>();
    try {
      for (int i = 0; i < 300; i++) {
        step(yamux, streams, random);
        assertTrue(yamux.session.streams().bufferedBytes() <= PARAMS.bufferedBytesMax());
        assertTrue(yamux.session.streams().bufferedBytes() >= 0);
        assertTrue(yamux.session.streams().growth().budget() >= 0);
      }
    } catch (YamuxException e) {
      yamux.session.fail(e);
      assertTrue(yamux.out().equals(List.of("GOAWAY 0 1")));
    }
  }

  private static void step(Yamux yamux, List<StreamState> streams, Random random)
      throws IOException {
    yamux.now += random.nextInt(1_000_000);
    int id = random.nextInt(12);
    switch (random.nextInt(12)) {
      case 0 -> yamux.session.open().ifPresent(streams::add);
      case 1 -> yamux.session.accept().ifPresent(streams::add);
      case 2 -> yamux.in(Frame.PING, 1 + random.nextInt(2), 0, random.nextInt(4));
      case 3 -> yamux.in(Frame.WINDOW_UPDATE, flags(random), id, random.nextInt(100_000));
      case 4, 5 -> yamux.data(flags(random), id, new byte[random.nextInt(20_000)]);
      case 6 -> yamux.out(100 + random.nextInt(70_000));
      default -> pick(streams, random).ifPresent(stream -> own(yamux, stream, random));
    }
  }

  private static int flags(Random random) {
    return random.nextInt(4) == 0 ? random.nextInt(16) : random.nextInt(3) == 0 ? 1 : 0;
  }

  private static Optional<StreamState> pick(List<StreamState> streams, Random random) {
    return streams.isEmpty()
        ? Optional.empty()
        : Optional.of(streams.get(random.nextInt(streams.size())));
  }

  private static void own(Yamux yamux, StreamState stream, Random random) {
    switch (random.nextInt(8)) {
      case 0 -> yamux.session.streams().close(stream, yamux.now);
      case 1 -> yamux.session.streams().closeWrite(stream);
      case 2 -> yamux.session.streams().reset(stream, "reset");
      case 3 -> yamux.session.announce(stream);
      case 4 -> yamux.session.streams().tick(yamux.now + random.nextLong(100_000_000_000L));
      case 5 -> yamux.read(stream, random.nextInt(50_000));
      default -> {
        boolean writable = stream.ended == null && !stream.finDue && !stream.finSent;
        if (writable && !stream.out.blocked()) {
          yamux.write(stream, new byte[1 + random.nextInt(40_000)]);
        }
      }
    }
  }
}
