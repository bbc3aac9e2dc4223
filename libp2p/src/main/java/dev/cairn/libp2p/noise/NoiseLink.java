package dev.cairn.libp2p.noise;

import dev.cairn.crypto.ChaChaPoly;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.libp2p.secure.Buffers;
import dev.cairn.libp2p.secure.ReadAhead;
import dev.cairn.libp2p.secure.SecureLink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/// The channel behind a finished handshake: frames of a 16-bit length, ciphertext and tag.
///
/// Frames are decrypted and encrypted where they lie in the link's own buffers, several of them for
/// each call to the link.
final class NoiseLink implements SecureLink {

  /// The longest frame behind its length.
  static final int FRAME_BYTES_MAX = 65_535;

  /// The longest plaintext of one frame.
  static final int PLAINTEXT_BYTES_MAX = FRAME_BYTES_MAX - ChaChaPoly.TAG_BYTES;

  static final int LENGTH_BYTES = 2;

  /// A frame with less plaintext than this is not begun at the end of a batch.
  private static final int PLAINTEXT_BYTES_LEAST = 8_192;

  private static final int OVERHEAD = LENGTH_BYTES + ChaChaPoly.TAG_BYTES;

  private final ReadAhead in;
  private final OutputStream out;
  private final Buffers batches;
  private final CipherState sending;
  private final CipherState receiving;
  private final PublicKey remoteKey;
  private final Optional<String> muxer;

  /// Plaintext that was decrypted and not yet handed over, in the array of [#in].
  private int plainStart;

  private int plainLength;
  private int frameRest;
  private volatile boolean closed;

  NoiseLink(
      ReadAhead in,
      OutputStream out,
      Buffers batches,
      CipherState sending,
      CipherState receiving,
      PublicKey remoteKey,
      Optional<String> muxer) {
    this.in = in;
    this.out = out;
    this.batches = batches;
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
      if (plainLength == 0 && !nextFrame()) {
        return false;
      }
      int length = plainLength;
      plainLength = 0;
      sink.take(in.array(), plainStart, length);
      more = true;
      return true;
    } finally {
      if (!more) {
        in.release();
      }
    }
  }

  /// Decrypts the next frame that holds any plaintext; false at the end of the link.
  private boolean nextFrame() throws IOException {
    while (plainLength == 0) {
      in.skip(frameRest);
      frameRest = 0;
      if (!in.require(LENGTH_BYTES)) {
        return false;
      }
      int length = (in.array()[in.start()] & 0xff) << 8 | (in.array()[in.start() + 1] & 0xff);
      if (length < ChaChaPoly.TAG_BYTES) {
        throw NoiseFault.of("a frame of " + length + " bytes");
      }
      // Never false: the length's two bytes are there already.
      in.require(LENGTH_BYTES + length);
      plainStart = in.start() + LENGTH_BYTES;
      plainLength = receiving.open(in.array(), plainStart, length);
      frameRest = LENGTH_BYTES + length;
    }
    return true;
  }

  @Override
  public int write(Source source) throws IOException {
    if (closed) {
      throw new IOException("the link is closed");
    }
    byte[] batch = batches.take();
    try {
      int end = 0;
      int sent = 0;
      while (batch.length - end >= OVERHEAD + PLAINTEXT_BYTES_LEAST) {
        int room = Math.min(PLAINTEXT_BYTES_MAX, batch.length - end - OVERHEAD);
        int length = source.fill(batch, end + LENGTH_BYTES, room);
        if (length == 0) {
          break;
        }
        end = seal(batch, end, length);
        sent += length;
      }
      if (end > 0) {
        out.write(batch, 0, end);
      }
      return sent;
    } finally {
      batches.give(batch);
    }
  }

  private int seal(byte[] batch, int offset, int length) throws IOException {
    int sealed = sending.seal(batch, offset + LENGTH_BYTES, length);
    batch[offset] = (byte) (sealed >>> 8);
    batch[offset + 1] = (byte) sealed;
    return offset + LENGTH_BYTES + sealed;
  }

  @Override
  public InputStream input() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (plainLength == 0 && !nextFrame()) {
          return -1;
        }
        int count = Math.min(length, plainLength);
        System.arraycopy(in.array(), plainStart, target, offset, count);
        plainStart += count;
        plainLength -= count;
        return count;
      }

      @Override
      public int available() {
        return plainLength;
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
        int[] at = {offset};
        int end = offset + length;
        while (at[0] < end) {
          NoiseLink.this.write(
              (target, targetOffset, room) -> {
                int count = Math.min(room, end - at[0]);
                System.arraycopy(source, at[0], target, targetOffset, count);
                at[0] += count;
                return count;
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
