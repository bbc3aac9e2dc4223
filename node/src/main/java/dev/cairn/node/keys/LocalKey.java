package dev.cairn.node.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.crypto.Hmac;
import dev.cairn.multiformats.Hex;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;

/// A secret in the node's folder that only the node's own user may read: whoever knows it could
/// read that user's files without the node, so the node may read them on their behalf. Made anew at
/// each start; it never goes over the wire.
public final class LocalKey {

  /// The file's name. A caller reads no other at a node's word.
  public static final String NAME = "local.key";

  private static final int BYTES = 32;

  private final Path file;
  private final byte[] secret;

  private LocalKey(Path file, byte[] secret) {
    this.file = file;
    this.secret = secret;
  }

  /// Makes a new one in a folder, in place of an older one.
  public static LocalKey make(Path folder, SecureRandom random) throws IOException {
    Path file = folder.toAbsolutePath().resolve(NAME);
    byte[] secret = new byte[BYTES];
    random.nextBytes(secret);
    Files.deleteIfExists(file);
    SecretFile.create(file, Hex.encode(secret).getBytes(US_ASCII));
    return new LocalKey(file, secret);
  }

  /// Reads one that a node made.
  ///
  /// @throws IOException when this user may not read it, or it is something else
  public static LocalKey read(Path file) throws IOException {
    if (!file.endsWith(NAME) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is no node's " + NAME);
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      String hex = new String(in.readNBytes(2 * BYTES + 1), US_ASCII);
      if (!hex.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
        throw new IOException(file + " is no node's " + NAME);
      }
      return new LocalKey(file, Hex.decode(hex));
    }
  }

  public Path file() {
    return file;
  }

  /// What shows that somebody who knows the secret asks for this: HMAC-SHA-256, as hex.
  public String proof(String request) {
    return Hex.encode(Hmac.sha256(secret, request.getBytes(UTF_8)));
  }

  /// Whether a proof of this request was made with the secret.
  public boolean proves(String request, String proof) {
    return MessageDigest.isEqual(proof(request).getBytes(US_ASCII), proof.getBytes(US_ASCII));
  }
}
