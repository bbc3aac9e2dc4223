package dev.cairn.libp2p.noise;

import dev.cairn.crypto.ChaChaPoly;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.secure.ReadAhead;
import dev.cairn.libp2p.secure.SecureLink;
import dev.cairn.libp2p.transport.Link;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// The channel behind a finished handshake: frames of a 16-bit length, ciphertext and tag.
///
/// Several frames travel in each call to the link. The cipher works from one buffer into another,
/// outside the heap where its library wants that. Bulk data is sealed from where its writer's
/// thread put it; a large frame that comes in is decrypted into an array that its reader may keep.
final class NoiseLink implements SecureLink {

  /// The longest frame behind its length.
  static final int FRAME_BYTES_MAX = 65_535;

  /// The longest plaintext of one frame.
  static final int PLAINTEXT_BYTES_MAX = FRAME_BYTES_MAX - ChaChaPoly.TAG_BYTES;

  static final int LENGTH_BYTES = 2;

  /// A frame with less room for plaintext than this is not begun at the end of a batch.
  private static final int PLAINTEXT_BYTES_LEAST = 8_192;

  private static final int OVERHEAD = LENGTH_BYTES + ChaChaPoly.TAG_BYTES;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final ReadAhead in;
  private final Link link;
  private final NoiseBuffers buffers;
  private final Scratch scratch;
  private final CipherState sending;
  private final CipherState receiving;
  private final PublicKey remoteKey;
  private final Optional<String> muxer;

  /// Plaintext that was decrypted and not yet handed over.
  private ByteBuffer plain = NOTHING;

  private volatile boolean closed;

  NoiseLink(
      ReadAhead in,
      Link link,
      NoiseBuffers buffers,
      CipherState sending,
      CipherState receiving,
      PublicKey remoteKey,
      Optional<String> muxer) {
    this.in = in;
    this.link = link;
    this.buffers = buffers;
    this.scratch = new Scratch(buffers);
    this.sending = sending;
    this.receiving = receiving;
    this.remoteKey = remoteKey;
    this.muxer = muxer;
  }

  @Override
  public PublicKey remoteKey() {
    return remoteKey;
  }

  @Override
  public Optional<String> muxer() {
    return muxer;
  }

  @Override
  public boolean read(Sink sink) throws IOException {
    boolean more = false;
    try {
      if (plain.hasRemaining() || nextFrame()) {
        if (sink.take(plain, scratch.keepable())) {
          scratch.kept();
          plain = NOTHING;
        }
        more = true;
      }
      return more;
    } finally {
      if (!more) {
        in.release();
        release();
      }
    }
  }

  @Override
  public boolean ready() throws IOException {
    ByteBuffer came = in.buffer();
    boolean begun = came.remaining() >= LENGTH_BYTES;
    int length = begun ? came.getShort(came.position()) & 0xffff : FRAME_BYTES_MAX;
    int missing = LENGTH_BYTES + length - came.remaining();
    return plain.hasRemaining() || missing <= 0 || link.available() >= missing;
  }

  /// Decrypts the next frame that holds any plaintext; false at the end of the link.
  private boolean nextFrame() throws IOException {
    do {
      if (in.buffer().remaining() < LENGTH_BYTES) {
        release();
      }
      if (!in.require(LENGTH_BYTES)) {
        return false;
      }
      int length = in.buffer().getShort(in.buffer().position()) & 0xffff;
      if (length < ChaChaPoly.TAG_BYTES) {
        throw NoiseFault.of("a frame of " + length + " bytes");
      }
      // Never false: the length's two bytes are there already.
      in.require(LENGTH_BYTES + length);
      open(in.buffer(), length);
    } while (!plain.hasRemaining());
    return true;
  }

  private void release() {
    plain = NOTHING;
    scratch.release();
  }

  private void open(ByteBuffer source, int length) throws IOException {
    int start = source.position() + LENGTH_BYTES;
    ByteBuffer sealed = source.slice(start, length);
    ByteBuffer target = scratch.room(sealed);
    receiving.open(sealed, target);
    source.position(start + length);
    plain = target.flip();
  }

  @Override
  public int write(Source source) throws IOException {
    if (closed) {
      throw new IOException("the link is closed");
    }
    ByteBuffer frame = buffers.frames().take();
    ByteBuffer batch = buffers.batches().take();
    try {
      int sent = 0;
      while (batch.remaining() >= OVERHEAD + PLAINTEXT_BYTES_LEAST) {
        frame.clear().limit(Math.min(PLAINTEXT_BYTES_MAX, batch.remaining() - OVERHEAD));
        ByteBuffer tail = source.fill(frame);
        if (ChaChaPoly.prefersDirect()) {
          frame.put(tail);
        }
        frame.flip();
        int length = frame.remaining() + tail.remaining();
        if (length == 0) {
          break;
        }
        sent += length;
        batch.putShort((short) (length + ChaChaPoly.TAG_BYTES));
        if (tail.hasRemaining()) {
          sending.seal(frame, tail, batch);
        } else {
          sending.seal(frame, batch);
        }
      }
      link.write(batch.flip());
      return sent;
    } finally {
      buffers.frames().give(frame);
      buffers.batches().give(batch);
    }
  }

  @Override
  public InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return plain.hasRemaining() || nextFrame() ? plain.get() & 0xff : -1;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (!plain.hasRemaining() && !nextFrame()) {
          return -1;
        }
        int count = Math.min(length, plain.remaining());
        plain.get(target, offset, count);
        return count;
      }

      @Override
      public int available() {
        return plain.remaining();
      }
    };
  }

  @Override
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] source, int offset, int length) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(source, offset, length);
        while (left.hasRemaining()) {
          NoiseLink.this.write(
              target -> {
                int count = Math.min(target.remaining(), left.remaining());
                target.put(target.position(), left, left.position(), count);
                target.position(target.position() + count);
                left.position(left.position() + count);
                return NOTHING;
              });
        }
      }
    };
  }

  @Override
  public void close() {
    closed = true;
  }
}
