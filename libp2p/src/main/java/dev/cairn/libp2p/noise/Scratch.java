package dev.cairn.libp2p.noise;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Where a channel's frames are decrypted: a short one in its place; a long one in an array of the
/// pool that whoever takes the plaintext may keep; one outside the heap in a buffer there, because
/// the library copies what overlaps.
///
/// Owner: the connection's reading thread. What it has borrowed it gives back while the link is
/// quiet.
final class Scratch {

  /// A frame shorter than this is decrypted where it lies.
  private static final int MOVED_BYTES_LEAST = 16 << 10;

  private final NoiseBuffers buffers;
  private byte @Nullable [] array;
  private @Nullable ByteBuffer direct;
  private boolean inArray;

  Scratch(NoiseBuffers buffers) {
    this.buffers = buffers;
  }

  /// Room for the plaintext of a frame.
  ///
  /// @param sealed its ciphertext and tag
  ByteBuffer room(ByteBuffer sealed) {
    inArray = sealed.hasArray() && sealed.remaining() >= MOVED_BYTES_LEAST;
    if (inArray) {
      byte[] taken = array == null ? buffers.received().take() : array;
      array = taken;
      return ByteBuffer.wrap(taken);
    }
    if (sealed.hasArray()) {
      return sealed.duplicate();
    }
    ByteBuffer taken = direct == null ? buffers.frames().take() : direct;
    direct = taken;
    return taken.clear();
  }

  /// Whether the last plaintext lies in an array of the pool.
  boolean keepable() {
    return inArray;
  }

  /// That array belongs to somebody else now.
  void kept() {
    array = null;
    inArray = false;
  }

  /// Gives back what was borrowed; the last plaintext is used up.
  void release() {
    byte[] heap = array;
    if (heap != null) {
      buffers.received().give(heap);
    }
    ByteBuffer outside = direct;
    if (outside != null) {
      buffers.frames().give(outside);
    }
    kept();
    direct = null;
  }
}
