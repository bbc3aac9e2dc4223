package dev.cairn.libp2p.transport;

import dev.cairn.multiformats.Multiaddr;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// One end of a link within a process.
final class MemoryLink implements Link {

  private final MemoryPipe in;
  private final MemoryPipe out;
  private final Multiaddr local;
  private final Multiaddr remote;

  MemoryLink(MemoryPipe in, MemoryPipe out, Multiaddr local, Multiaddr remote) {
    this.in = in;
    this.out = out;
    this.local = local;
    this.remote = remote;
  }

  @Override
  public InputStream input() {
    return in.input();
  }

  @Override
  public OutputStream output() {
    return out.output();
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
