package dev.cairn.libp2p.yamux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.cairn.libp2p.secure.Chunks;
import dev.cairn.libp2p.upgrade.UpgradeParams;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.locks.ReentrantLock;

/// A session under test, with frames as text: `DATA[SYN] 1 hello`, `WINDOW[ACK] 1 0`, `PING[SYN] 0
/// 7`, `GOAWAY 0 1`. Data that is longer than 40 bytes shows as its length.
final class Yamux {

  private static final List<String> TYPES = List.of("DATA", "WINDOW", "PING", "GOAWAY");
  private static final List<String> FLAGS = List.of("SYN", "ACK", "FIN", "RST");

  private static final YamuxBuffers BUFFERS =
      new YamuxBuffers(new Chunks(64 << 10, 8), new Chunks(64 << 10, 8));

  final Session session;
  long now = 1_000_000_000L;

  Yamux(boolean dialer) {
    this(dialer, UpgradeParams.defaults());
  }

  Yamux(boolean dialer, UpgradeParams params) {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    session = new Session(params, dialer, BUFFERS, lock);
  }

  static UpgradeParams params(int windowMax, int budget, int buffered, int unacknowledged) {
    return new UpgradeParams(
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        windowMax,
        budget,
        buffered,
        unacknowledged);
  }

  /// Receives frames given as type, flags, stream and length, without payload.
  Yamux in(int type, int flags, long stream, long length) throws YamuxException {
    session.receive(frame(type, flags, stream, length, new byte[0]), false, now);
    return this;
  }

  Yamux data(int flags, long stream, String payload) throws YamuxException {
    return data(flags, stream, payload.getBytes(ISO_8859_1));
  }

  Yamux data(int flags, long stream, byte[] payload) throws YamuxException {
    session.receive(frame(Frame.DATA, flags, stream, payload.length, payload), false, now);
    return this;
  }

  static ByteBuffer frame(int type, int flags, long stream, long length, byte[] payload) {
    ByteBuffer target = ByteBuffer.allocate(Frame.BYTES + payload.length);
    new Frame(type, flags, (int) stream, (int) length).encode(target);
    return target.put(payload).flip();
  }

  /// Everything that is due, as text.
  List<String> out() throws YamuxException {
    return out(65_519);
  }

  List<String> out(int room) throws YamuxException {
    List<String> frames = new ArrayList<>();
    while (session.pending()) {
      ByteBuffer target = ByteBuffer.allocate(room);
      ByteBuffer tail = session.fill(target, now);
      if (target.position() == 0) {
        break;
      }
      target.put(tail).flip();
      while (target.hasRemaining()) {
        frames.add(text(target));
      }
    }
    return frames;
  }

  private static String text(ByteBuffer source) throws YamuxException {
    Frame frame = Frame.decode(source);
    StringJoiner flags = new StringJoiner("+", "[", "]").setEmptyValue("");
    for (int i = 0; i < 4; i++) {
      if (frame.has(1 << i)) {
        flags.add(FLAGS.get(i));
      }
    }
    String value = Long.toString(frame.unsignedLength());
    if (frame.type() == Frame.DATA) {
      byte[] payload = new byte[frame.length()];
      source.get(payload);
      value = payload.length > 40 ? payload.length + " bytes" : new String(payload, ISO_8859_1);
    }
    String id = Long.toString(frame.stream() & 0xffff_ffffL);
    return (TYPES.get(frame.type()) + flags + " " + id + " " + value).strip();
  }

  StreamState open() throws IOException {
    return session.open().orElseThrow();
  }

  StreamState accept() throws IOException {
    return session.accept().orElseThrow();
  }

  Yamux write(StreamState stream, String text) {
    return write(stream, text.getBytes(ISO_8859_1));
  }

  Yamux write(StreamState stream, byte[] bytes) {
    stream.out.offer(bytes, 0, bytes.length);
    session.written(stream);
    return this;
  }

  /// Reads what waits, at most `most` bytes of it.
  String read(StreamState stream, int most) {
    byte[] target = new byte[most];
    int count = stream.in.take(target, 0, most);
    session.read(stream, count, now);
    return new String(target, 0, count, ISO_8859_1);
  }
}
