package dev.cairn.libp2p.kad;

import dev.cairn.libp2p.host.Host;
import dev.cairn.libp2p.host.PeerInfo;
import dev.cairn.libp2p.host.Stream;
import dev.cairn.libp2p.protobuf.Delimited;
import dev.cairn.machine.Driver;
import dev.cairn.multiformats.MalformedException;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;

/// Reads the questions of one stream after another's answer until it ends (kad-dht, "RPC messages":
/// several requests on a stream).
final class Server {

  /// Questions on one stream.
  static final int QUESTIONS_MAX = 1_024;

  /// How long a question may take to come, and its answer to go.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Host host;
  private final Driver<KadInput, KadEffect> driver;
  private final Calls calls;
  private final KadCounts counts;

  Server(Host host, Driver<KadInput, KadEffect> driver, Calls calls, KadCounts counts) {
    this.host = host;
    this.driver = driver;
    this.calls = calls;
    this.counts = counts;
  }

  void serve(Stream stream) throws IOException {
    for (int i = 0; i < QUESTIONS_MAX; i++) {
      stream.expire(PATIENCE);
      byte[] question;
      try {
        question = Delimited.read(stream.input(), KadCodec.MESSAGE_BYTES_MAX);
      } catch (EOFException end) {
        return;
      }
      if (!answer(stream, decode(question))) {
        stream.reset();
        return;
      }
    }
  }

  private KadMessage decode(byte[] question) {
    try {
      return KadCodec.decode(question);
    } catch (MalformedException e) {
      counts.add(KadCount.MALFORMED);
      throw e;
    }
  }

  /// False when the question is refused.
  private boolean answer(Stream stream, KadMessage question) throws IOException {
    Calls.Call call = calls.open();
    KadInput asked =
        new KadInput.Asked(
            call.id(), stream.peer(), host.info(stream.peer()).map(PeerInfo::remote), question);
    if (!driver.offer(asked)) {
      counts.add(KadCount.QUESTIONS_DROPPED);
      calls.refuse(call.id());
    }
    try {
      return switch (call.take()) {
        case KadEffect.Answer(long token, KadMessage answer) -> {
          Delimited.write(stream.output(), KadCodec.encode(answer));
          yield true;
        }
        case KadEffect.NoAnswer(long token, String reason) -> reason.isEmpty();
        case KadEffect.Request r -> false;
        case KadEffect.Found f -> false;
        case KadEffect.Done d -> false;
        case KadEffect.State s -> false;
        case KadEffect.Misled m -> false;
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
