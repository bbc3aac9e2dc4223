package dev.cairn.libp2p.swarm;

import dev.cairn.libp2p.transport.Link;
import dev.cairn.multiformats.Multiaddr;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/// A link that counts the bytes that pass it.
final class CountingLink implements Link {

  private final Link link;
  private final Counters counters;
  private final InputStream input;
  private final OutputStream output;

  CountingLink(Link link, Counters counters) {
    this.link = link;
    this.counters = counters;
    this.input = new CountingInput(link.input(), counters.bytesRead);
    this.output = new CountingOutput(link.output(), counters.bytesWritten);
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int read = link.read(target);
    if (read > 0) {
      counters.bytesRead.add(read);
    }
    return read;
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    int length = source.remaining();
    link.write(source);
    counters.bytesWritten.add(length);
  }

  @Override
  public int available() throws IOException {
    return link.available();
  }

  @Override
  public Multiaddr local() {
    return link.local();
  }

  @Override
  public Multiaddr remote() {
    return link.remote();
  }

  @Override
  public void readTimeout(Duration timeout) {
    link.readTimeout(timeout);
  }

  @Override
  public void close() {
    link.close();
  }

  private static final class CountingInput extends FilterInputStream {
    private final LongAdder count;

    CountingInput(InputStream in, LongAdder count) {
      super(in);
      this.count = count;
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      if (value >= 0) {
        count.increment();
      }
      return value;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = in.read(target, offset, length);
      if (read > 0) {
        count.add(read);
      }
      return read;
    }
  }

  private static final class CountingOutput extends FilterOutputStream {
    private final LongAdder count;

    CountingOutput(OutputStream out, LongAdder count) {
      super(out);
      this.count = count;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count.increment();
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      out.write(source, offset, length);
      count.add(length);
    }
  }
}
