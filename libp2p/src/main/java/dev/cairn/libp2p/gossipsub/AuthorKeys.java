package dev.cairn.libp2p.gossipsub;

import dev.cairn.libp2p.peer.PeerId;
import dev.cairn.libp2p.peer.PublicKey;
import dev.cairn.multiformats.MalformedException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The keys of the authors that wrote lately: reading a peer id costs a fifth of a verification.
///
/// Guarded by its own lock.
final class AuthorKeys {

  /// Authors that are remembered; the one unused for longest goes first.
  static final int AUTHORS_MAX = 1_024;

  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<ByteBuffer, PublicKey> keys = new LinkedHashMap<>(16, 0.75f, true);

  /// The key that an author's id holds.
  ///
  /// @throws MalformedException when that is not a peer id
  Optional<PublicKey> inline(byte[] author) {
    ByteBuffer name = ByteBuffer.wrap(author);
    lock.lock();
    try {
      PublicKey known = keys.get(name);
      if (known != null) {
        return Optional.of(known);
      }
    } finally {
      lock.unlock();
    }
    Optional<PublicKey> read = PeerId.decode(author).inlineKey();
    if (read.isPresent()) {
      lock.lock();
      try {
        keys.put(name, read.get());
        if (keys.size() > AUTHORS_MAX) {
          keys.pollFirstEntry();
        }
      } finally {
        lock.unlock();
      }
    }
    return read;
  }

  int size() {
    lock.lock();
    try {
      return keys.size();
    } finally {
      lock.unlock();
    }
  }
}
