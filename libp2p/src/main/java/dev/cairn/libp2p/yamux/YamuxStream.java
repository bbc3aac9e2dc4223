package dev.cairn.libp2p.yamux;

import dev.cairn.libp2p.upgrade.MuxedStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;

/// A stream as its owner sees it: blocking, over the session's state.
final class YamuxStream implements MuxedStream {

  private final YamuxConnection connection;
  private final StreamState state;
  private volatile long deadlineNanos;

  YamuxStream(YamuxConnection connection, StreamState state) {
    this.connection = connection;
    this.state = state;
  }

  @Override
  public long id() {
    return state.unsignedId();
  }

  @Override
  public InputStream input() {
    return new Input();
  }

  @Override
  public OutputStream output() {
    return new Output();
  }

  @Override
  public void deadline(Duration timeout) {
    deadlineNanos = timeout.toNanos();
  }

  @Override
  public void closeWrite() {
    connection.locked(session -> session.streams().closeWrite(state));
  }

  @Override
  public void reset() {
    connection.locked(session -> session.streams().reset(state, "the stream was reset here"));
  }

  @Override
  public void close() {
    connection.locked(session -> session.streams().close(state, connection.nanos()));
  }

  private final class Input extends InputStream {

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, target.length);
      if (length == 0) {
        return 0;
      }
      return connection.locking(session -> receive(session, target, offset, length));
    }

    @Override
    public int available() {
      return connection.locking(session -> state.in.size());
    }

    @Override
    public void close() {
      YamuxStream.this.close();
    }
  }

  private int receive(Session session, byte[] target, int offset, int length) throws IOException {
    long until = until();
    while (state.in.size() == 0) {
      if (state.inputClosed) {
        throw new IOException("the stream is closed");
      }
      if (state.finReceived && (state.ended == null || state.complete())) {
        return -1;
      }
      checkOpen(session);
      session.announce(state);
      connection.wakeWriter();
      connection.await(state.readable, until, "nothing was received in time");
    }
    int count = state.in.take(target, offset, length);
    session.read(state, count, connection.nanos());
    connection.wakeWriter();
    return count;
  }

  private final class Output extends OutputStream {

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, source.length);
      if (length > 0) {
        connection.locking(session -> send(session, source, offset, length));
      }
    }

    @Override
    public void close() {
      closeWrite();
    }
  }

  private int send(Session session, byte[] source, int offset, int length) throws IOException {
    long until = until();
    awaitFree(session, until);
    boolean copied = state.out.offer(source, offset, length);
    session.written(state);
    connection.wakeWriter();
    if (!copied) {
      try {
        awaitFree(session, until);
      } catch (IOException e) {
        state.out.takeBack();
        state.writable.signalAll();
        throw e;
      }
    }
    return length;
  }

  /// Waits until no large write of another thread, or of this one, is in the way.
  private void awaitFree(Session session, long until) throws IOException {
    checkWritable(session);
    while (state.out.blocked()) {
      connection.await(state.writable, until, "the peer made no room in time");
      checkWritable(session);
    }
  }

  private void checkWritable(Session session) throws IOException {
    if (state.finDue || state.finSent) {
      throw new IOException("the stream is closed for writing");
    }
    checkOpen(session);
  }

  private void checkOpen(Session session) throws IOException {
    if (state.ended != null) {
      throw new IOException(state.ended);
    }
    if (session.isEnded()) {
      throw new IOException("the connection was closed");
    }
  }

  private long until() {
    return deadlineNanos == 0 ? 0 : connection.nanos() + deadlineNanos;
  }
}
