package dev.cairn.libp2p.noise;

import dev.cairn.crypto.ChaChaPoly;
import dev.cairn.libp2p.secure.Buffers;
import dev.cairn.libp2p.secure.Chunks;

/// The pools that the Noise channels of one host share. Safe from any thread.
///
/// @param reads what was read from a link and not yet decrypted
/// @param frames the plaintext of one frame
/// @param received the same on its way in, where it lies in an array: whoever takes it may keep
///   that
/// @param batches frames that leave in one write: as much as fills the socket in one call
public record NoiseBuffers(Buffers reads, Buffers frames, Chunks received, Buffers batches) {

  /// The largest reads and writes: the fewer calls and wake-ups for each byte, the faster. Beyond
  /// these a batch no longer fits a core's own cache.
  private static final int READ_BYTES_MAX = 1 << 20;

  private static final int BATCH_BYTES_MAX = 512 << 10;

  /// The connections that may be so busy at the same time; others share smaller buffers.
  private static final int LARGE_MAX = 16;

  private static final int READ_BYTES = 256 << 10;
  private static final int BATCH_BYTES = 128 << 10;

  /// Room for the longest frame.
  private static final int RECEIVED_BYTES = 64 << 10;

  /// @param max the buffers of each size at most
  public static NoiseBuffers of(int max) {
    boolean direct = ChaChaPoly.prefersDirect();
    int large = Math.min(max, LARGE_MAX);
    return new NoiseBuffers(
        new Buffers(READ_BYTES, direct, max).behind(READ_BYTES_MAX, large),
        new Buffers(NoiseLink.FRAME_BYTES_MAX, direct, max),
        new Chunks(RECEIVED_BYTES, max),
        new Buffers(BATCH_BYTES, direct, max).behind(BATCH_BYTES_MAX, large));
  }
}
