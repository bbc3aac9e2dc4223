package dev.cairn.libp2p.host;

import dev.cairn.libp2p.upgrade.Multistream;
import dev.cairn.libp2p.upgrade.MuxedStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/// multistream-select for a protocol that the peer is known to speak: the header and the proposal
/// travel with the first bytes written, and the answer is read with the first bytes read, so that
/// the negotiation costs no round trip of its own.
///
/// One reading and one writing thread, as on the stream below.
final class LazyNegotiation {

  /// Application bytes up to this size share a write with the proposal.
  private static final int JOINED_BYTES_MAX = 16 * 1024;

  private final MuxedStream muxed;
  private final String protocol;
  private final ReentrantLock lock = new ReentrantLock();
  private final InputStream input = new Input();
  private final OutputStream output = new Output();
  private boolean started;
  private boolean answered;

  LazyNegotiation(MuxedStream muxed, String protocol) {
    this.muxed = muxed;
    this.protocol = protocol;
  }

  InputStream input() {
    return input;
  }

  OutputStream output() {
    return output;
  }

  /// Sends the proposal if that has not happened, for a stream that ends before anything is
  /// written.
  void start() {
    try {
      write(new byte[0], 0, 0);
    } catch (IOException e) {
      // The stream is at its end already, which is all that the caller asks for.
    }
  }

  private void write(byte[] source, int offset, int length) throws IOException {
    lock.lock();
    try {
      if (started) {
        if (length > 0) {
          muxed.output().write(source, offset, length);
        }
        return;
      }
      started = true;
      byte[] proposal = Multistream.proposal(protocol);
      int joined = length <= JOINED_BYTES_MAX ? length : 0;
      byte[] first = Arrays.copyOf(proposal, proposal.length + joined);
      System.arraycopy(source, offset, first, proposal.length, joined);
      muxed.output().write(first);
      if (joined < length) {
        muxed.output().write(source, offset, length);
      }
    } finally {
      lock.unlock();
    }
  }

  private void readAnswer() throws IOException {
    if (answered) {
      return;
    }
    write(new byte[0], 0, 0);
    Multistream.confirm(muxed.input(), protocol);
    answered = true;
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      readAnswer();
      return muxed.input().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      readAnswer();
      return muxed.input().read(target, offset, length);
    }

    @Override
    public int available() throws IOException {
      return answered ? muxed.input().available() : 0;
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      LazyNegotiation.this.write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      LazyNegotiation.this.write(source, offset, length);
    }

    @Override
    public void flush() throws IOException {
      muxed.output().flush();
    }
  }
}
