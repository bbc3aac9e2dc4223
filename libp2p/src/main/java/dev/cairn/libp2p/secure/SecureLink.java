package dev.cairn.libp2p.secure;

import dev.cairn.libp2p.peer.PublicKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/// A link whose far end has proved its key and whose bytes are encrypted.
///
/// One thread at a time reads and one writes. The plaintext is handed over where it was decrypted
/// and taken where it will be encrypted, so that bulk data is not copied on its way.
public interface SecureLink extends AutoCloseable {

  /// Takes plaintext that has arrived.
  @FunctionalInterface
  interface Sink {
    /// Takes all that remains in the buffer.
    ///
    /// @param mine whether the buffer's array may be kept instead of copied: it is one of the pool
    ///   that the link was made with, and whoever keeps it gives it back there
    /// @return whether the array was kept
    boolean take(ByteBuffer source, boolean mine) throws IOException;
  }

  /// Gives plaintext to send.
  @FunctionalInterface
  interface Source {
    /// Puts into the target as much as fits of what there is; nothing when there is no more for
    /// now. The last of it may stay in the array where it lies.
    ///
    /// @return what follows in the same frame, no more than there is still room for in the target;
    ///   it stays as it is until the source is asked again, or the write has ended
    ByteBuffer fill(ByteBuffer target);
  }

  PublicKey remoteKey();

  /// The muxer that both sides agreed on during the handshake, if they did.
  Optional<String> muxer();

  /// Waits for the next piece of plaintext and hands it over.
  ///
  /// @return false when the link has ended between two frames
  boolean read(Sink sink) throws IOException;

  /// Whether the next [#read] hands something over, or fails, without waiting for the far end. For
  /// the thread that reads.
  boolean ready() throws IOException;

  /// Asks the source until it has no more or one batch is full, and writes the batch in one go.
  ///
  /// @return the bytes of plaintext sent; 0 when there were none
  int write(Source source) throws IOException;

  /// The plaintext as a stream, for negotiation before a muxer takes over. What it has not read
  /// comes next from [#read].
  InputStream input();

  /// The other direction; each write is sent at once.
  OutputStream output();

  /// Ends the link; both directions fail from now on. Safe to call twice and from any thread.
  @Override
  void close();
}
