package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

/// One end of a link within a process.
final class MemoryLink implements Link {

  private final MemoryPipe in;
  private final MemoryPipe out;
  private final InputStream input;
  private final OutputStream output;
  private final Multiaddr local;
  private final Multiaddr remote;

  MemoryLink(MemoryPipe in, MemoryPipe out, Multiaddr local, Multiaddr remote) {
    this.in = in;
    this.out = out;
    this.input = in.input();
    this.output = out.output();
    this.local = local;
    this.remote = remote;
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
    byte[] bytes = new byte[target.remaining()];
    int n = input.read(bytes);
    if (n > 0) {
      target.put(bytes, 0, n);
    }
    return n;
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    output.write(bytes);
  }

  @Override
  public int available() throws IOException {
    return input.available();
  }

  @Override
  public Multiaddr local() {
    return local;
  }

  @Override
  public Multiaddr remote() {
    return remote;
  }

  @Override
  public void readTimeout(Duration timeout) {
    in.timeout(timeout.toNanos());
  }

  @Override
  public void close() {
    in.closeReader();
    out.closeWriter();
  }
}
