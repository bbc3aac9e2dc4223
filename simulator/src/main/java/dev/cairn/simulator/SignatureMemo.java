package dev.cairn.simulator;

import dev.cairn.core.consensus.simplex.SignatureCheck;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Real signatures, each verified once: all nodes of a simulation share what was found. It lives as
/// long as its simulation, which bounds it.
///
/// Owner: the [World].
final class SignatureMemo implements SignatureCheck {

  private static final class Asked {
    private final byte[] key;
    private final byte[] message;
    private final byte[] signature;
    private final int hash;

    Asked(byte[] key, byte[] message, byte[] signature) {
      this.key = key;
      this.message = message;
      this.signature = signature;
      this.hash = 31 * Arrays.hashCode(signature) + Arrays.hashCode(message);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Asked that
          && hash == that.hash
          && Arrays.equals(signature, that.signature)
          && Arrays.equals(message, that.message)
          && Arrays.equals(key, that.key);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final Map<Asked, Boolean> answers = new HashMap<>();
  private final SignatureCheck check;

  SignatureMemo(SignatureCheck check) {
    this.check = check;
  }

  @Override
  public boolean verify(byte[] publicKey, byte[] message, byte[] signature) {
    Asked asked = new Asked(publicKey, message, signature);
    Boolean known = answers.get(asked);
    if (known == null) {
      known = check.verify(publicKey, message, signature);
      answers.put(asked, known);
    }
    return known;
  }
}
