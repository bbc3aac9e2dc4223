package dev.cairn.libp2p.noise;

import dev.cairn.crypto.ChaChaPoly;
import dev.cairn.libp2p.secure.Buffers;

/// The pools that the Noise channels of one host share. Safe from any thread.
///
/// @param reads what was read from a link and not yet decrypted
/// @param frames the plaintext of one frame
/// @param batches frames that leave in one write: as much as fills the socket in one call
public record NoiseBuffers(Buffers reads, Buffers frames, Buffers batches) {

  private static final int READ_BYTES = 256 << 10;
  private static final int BATCH_BYTES = 128 << 10;

  /// @param max the buffers of each pool at most
  public static NoiseBuffers of(int max) {
    boolean direct = ChaChaPoly.prefersDirect();
    return new NoiseBuffers(
        new Buffers(READ_BYTES, direct, max),
        new Buffers(NoiseLink.FRAME_BYTES_MAX, direct, max),
        new Buffers(BATCH_BYTES, direct, max));
  }
}
