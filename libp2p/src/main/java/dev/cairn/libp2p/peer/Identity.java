package dev.cairn.libp2p.peer;

import dev.cairn.crypto.Ed25519Key;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;

/// The Ed25519 key of this host and the peer id that follows from it.
public record Identity(Ed25519Key key, PeerId id) {

  public Identity {
    Objects.requireNonNull(key);
    if (!id.equals(PeerId.of(new Ed25519PublicKey(key.publicKey())))) {
      throw new IllegalArgumentException("peer id " + id + " is not that of the key");
    }
  }

  public static Identity of(Ed25519Key key) {
    return new Identity(key, PeerId.of(new Ed25519PublicKey(key.publicKey())));
  }

  public static Identity generate(SecureRandom random) {
    return of(Ed25519Key.generate(random));
  }

  /// Reads the key from the file, or makes a new one there that only its owner may read (0600).
  ///
  /// @throws IOException with a sentence for the operator when the file is damaged, is readable for
  ///   others, or cannot be read or written
  public static Identity loadOrCreate(Path file, SecureRandom random) throws IOException {
    return IdentityFile.loadOrCreate(file, random);
  }

  public PublicKey publicKey() {
    return new Ed25519PublicKey(key.publicKey());
  }

  /// Says whose key it is, and nothing of the key.
  @Override
  public String toString() {
    return "Identity[" + id + "]";
  }
}
